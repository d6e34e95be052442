import { inspect } from 'node:util';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEmailChannel, type EmailOptions } from '../../../src/alert/channels/email/send.ts';
import type { Resolve } from '../../../src/alert/outbound.ts';
import { email } from '../../../src/alert/render/email.ts';
import { aMissed } from '../a-finding.ts';
import { answer, openMailServer, openScripted, ordinary } from './mail-server.ts';

const at = new Date('2026-11-23T02:31:00Z');
const { body } = email.render({ type: 'sweep.missed', data: aMissed }, at);
const alert = { id: 'alert-1', type: 'sweep.missed', body, attempt: 1 };
const never = new AbortController().signal;
const pass = 'canary:p@ss/%é';
const login = `ops:${encodeURIComponent(pass)}@`;

const channelAt = (smtp: string, difference: Partial<EmailOptions> = {}) =>
  createEmailChannel({
    id: 'mail',
    smtp,
    from: 'keysweep@x.example',
    to: ['a@x.example'],
    allowPrivateNetworks: true,
    now: () => at,
    ...difference,
  });

async function server(options: SMTPServerOptions = {}) {
  const open = await openMailServer(options);
  onTestFinished(() => open.close());
  return open;
}

async function scripted(...script: Parameters<typeof openScripted>) {
  const open = await openScripted(...script);
  onTestFinished(() => open.close());
  return open;
}

/** Takes one password, over a connection in clear too. */
const asking = (options: SMTPServerOptions = {}) =>
  server({
    disabledCommands: [],
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'ops' && password === pass) return done(null, { user: username });
      done(answer(535, `not ${password}`));
    },
    ...options,
  });

describe('a password', () => {
  test.each([['PLAIN'], ['LOGIN']])('is sent as the URL gives it, by %s', async (method) => {
    const open = await asking({ authMethods: [method] });
    const delivery = await channelAt(`smtp://${login}127.0.0.1:${open.port}`).deliver(alert, never);
    expect(delivery).toEqual({ kind: 'delivered' });
    expect(open.received).toMatchObject([{ user: 'ops' }]);
  });

  test('that is refused is a permanent failure, because repeated tries could lock the account', async () => {
    const open = await asking();
    const url = `smtp://ops:wrong-canary@127.0.0.1:${open.port}`;
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'permanent',
      detail: 'answered 535 at AUTH',
      codes: [535],
    });
    expect(open.received).toHaveLength(0);
  });

  test('that the server cannot check now is tried again later', async () => {
    const open = await asking({ onAuth: (_auth, _session, done) => done(answer(454)) });
    const url = `smtp://${login}127.0.0.1:${open.port}`;
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: 'answered 454 at AUTH',
      codes: [454],
    });
  });

  test('that is absent although the server requires one is a permanent failure', async () => {
    const open = await asking();
    expect(await channelAt(`smtp://127.0.0.1:${open.port}`).deliver(alert, never)).toEqual({
      kind: 'permanent',
      detail: 'answered 530 at MAIL',
      codes: [530],
    });
  });

  test('is in nothing that a channel returns, whatever the server answers', async () => {
    const forms = [
      pass,
      encodeURIComponent(pass),
      Buffer.from(pass).toString('base64'),
      Buffer.from(`\0ops\0${pass}`).toString('base64'),
    ];
    for (const code of ['535', '454', '334', '235']) {
      let heard = '';
      const open = await scripted('220 hello', (line) => {
        heard += line;
        if (line.startsWith('EHLO')) return '250-hello\r\n250 AUTH PLAIN';
        return line.startsWith('AUTH') ? `${code} ${forms.join(' ')}` : `550 ${heard}`;
      });
      const url = `smtp://${login}127.0.0.1:${open.port}`;
      const channel = channelAt(url);
      const shown = inspect([channel, await channel.deliver(alert, never)], { depth: 9 });
      expect(heard).toContain(forms[3]);
      for (const form of [...forms, 'canary']) expect(shown).not.toContain(form);
    }
  });
});

describe('TLS', () => {
  const selfSigned = { hideSTARTTLS: false } as const;

  test('is not required of a server on this machine', async () => {
    const open = await server();
    const delivery = await channelAt(`smtp://localhost:${open.port}`).deliver(alert, never);
    expect(delivery.kind).toBe('delivered');
    expect(open.received).toMatchObject([{ secure: false }]);
  });

  test('is used if a server on this machine offers it, whatever its certificate', async () => {
    const open = await server(selfSigned);
    const delivery = await channelAt(`smtp://localhost:${open.port}`).deliver(alert, never);
    expect(delivery.kind).toBe('delivered');
    expect(open.received).toMatchObject([{ secure: true }]);
  });

  test('with an untrusted certificate is refused if TLS is required', async () => {
    const open = await asking(selfSigned);
    const url = `smtp://${login}localhost:${open.port}?starttls=required`;
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: expect.stringMatching(/^the connection failed: \w*CERT/),
      codes: [expect.stringMatching(/^\w*CERT/)],
    });
    expect(open.received).toHaveLength(0);
  });

  test('with an untrusted certificate is refused for smtps://', async () => {
    const open = await asking({ secure: true });
    const url = `smtps://${login}localhost:${open.port}`;
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: expect.stringMatching(/^the connection failed: \w*CERT/),
      codes: [expect.stringMatching(/^\w*CERT/)],
    });
  });

  test.each([
    ['502 what', 'permanent', '; ?starttls=optional in the URL permits mail in clear'],
    ['454 later', 'passing', ''],
  ] as const)(
    'that is required and answered with %j: nothing is sent in clear text',
    async (line, kind, hint) => {
      const open = await scripted('220 hello', (heard) =>
        heard === 'STARTTLS' ? line : ordinary(heard),
      );
      const url = `smtp://${login}127.0.0.1:${open.port}?starttls=required`;
      expect(await channelAt(url).deliver(alert, never)).toEqual({
        kind,
        detail: `answered ${line.slice(0, 3)} at STARTTLS${hint}`,
        codes: [Number(line.slice(0, 3))],
      });
      expect(open.heard.filter((said) => !/^(EHLO|STARTTLS|QUIT)/.test(said))).toEqual([]);
    },
  );

  test('drops answers that were injected before it', async () => {
    const open = await scripted('220 hello', (line, socket) => {
      if (line !== 'STARTTLS') return ordinary(line);
      socket.write('220 go on\r\n250 injected\r\n');
      socket.end();
      return undefined;
    });
    const url = `smtp://${login}127.0.0.1:${open.port}?starttls=required`;
    expect((await channelAt(url).deliver(alert, never)).kind).toBe('passing');
    expect(open.heard.some((line) => /^(AUTH|MAIL)/.test(line))).toBe(false);
  });
});

describe('private networks', () => {
  const closed = { allowPrivateNetworks: false };
  const refusedAddress = {
    kind: 'permanent',
    detail:
      'the URL leads to a loopback, private or reserved address; alerts.allowPrivateNetworks: true permits it',
  };
  const to127: Resolve = (_host, _options, answered) =>
    answered(null, [{ address: '127.0.0.1', family: 4 }]);

  test.each([
    '127.0.0.1',
    'localhost',
    'LOCALHOST.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '0x7f.1',
    '0',
    '169.254.169.254',
    '10.0.0.1',
  ])('are not connected to by %s', async (host) => {
    const open = await server();
    const url = `smtp://${host}:${open.port}`;
    expect(await channelAt(url, closed).deliver(alert, never)).toEqual(refusedAddress);
    expect(open.connections()).toBe(0);
  });

  test('are not connected to by a name, even if its address changes', async () => {
    const open = await server();
    let asked = 0;
    const resolve: Resolve = (host, options, answered) => {
      asked += 1;
      if (asked > 1) return to127(host, options, answered);
      answered(null, [
        { address: '127.0.0.1', family: 4 },
        { address: '8.8.8.8', family: 4 },
      ]);
    };
    const url = `smtp://mail.example:${open.port}`;
    const channel = channelAt(url, { ...closed, resolve });
    expect(await channel.deliver(alert, never)).toEqual(refusedAddress);
    expect(await channel.deliver(alert, never)).toEqual(refusedAddress);
    expect(asked).toBe(2);
    expect(open.connections()).toBe(0);
  });

  test('check ends in time if a name is never resolved', async () => {
    const url = 'smtp://mail.example';
    const channel = channelAt(url, { ...closed, resolve: () => undefined, timeoutMs: 200 });
    expect(await channel.deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: 'not reached: ETIMEDOUT',
      codes: ['ETIMEDOUT'],
    });
  });
});
