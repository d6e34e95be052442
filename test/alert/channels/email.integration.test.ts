import { inspect } from 'node:util';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createEmailChannel, type EmailOptions } from '../../../src/alert/channels/email/send.ts';
import { email } from '../../../src/alert/render/email.ts';
import { freePort } from '../../support/child-server.ts';
import { eventually } from '../../support/eventually.ts';
import { aCoverage, aFinding, aMissed, aSweep } from '../a-finding.ts';
import { answer, openMailServer, openScripted, ordinary } from './mail-server.ts';
import { readMail } from './read-mail.ts';

const at = new Date('2026-11-23T02:31:00Z');
const { body } = email.render({ type: 'sweep.missed', data: aMissed }, at);
const alert = { id: '0b54a1c2-alert', type: 'sweep.missed', body, attempt: 1 };
const never = new AbortController().signal;
const to = ['a@x.example', 'b@x.example', 'c@x.example'];

const channelAt = (port: number, difference: Partial<EmailOptions> & { query?: string } = {}) => {
  const { query = '', ...options } = difference;
  return createEmailChannel({
    id: 'mail',
    smtp: `smtp://127.0.0.1:${port}${query}`,
    from: 'keysweep@x.example',
    to,
    allowPrivateNetworks: true,
    now: () => at,
    ...options,
  });
};

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

/** Answers one command with a line of its own. */
const differing = (command: RegExp, line: string) =>
  scripted('220 hello', (heard) => (command.test(heard) ? line : ordinary(heard)));

/** A server that answers each recipient of the list with a code. */
const refusing = (codes: Readonly<Record<string, number>>, options: SMTPServerOptions = {}) =>
  server({
    ...options,
    onRcptTo({ address }, _session, done) {
      const code = codes[address];
      done(code === undefined ? null : answer(code));
    },
  });

describe('the message', () => {
  test('goes to every recipient, once, with both texts', async () => {
    const open = await server();
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({ kind: 'delivered' });
    expect(open.received).toHaveLength(1);
    const [mail] = open.received;
    expect(mail).toMatchObject({ from: 'keysweep@x.example', to });
    const read = readMail(mail?.message ?? '');
    const rendered = JSON.parse(body);
    expect(read.type).toBe('multipart/alternative');
    expect(read.order).toEqual(['text/plain', 'text/html']);
    expect(read.parts.get('text/plain')).toBe(rendered.text);
    expect(read.parts.get('text/html')).toBe(rendered.html);
    expect(Object.fromEntries(read.headers)).toMatchObject({
      subject: rendered.subject,
      from: 'keysweep@x.example',
      to: to.join(', '),
      'auto-submitted': 'auto-generated',
      'x-keysweep-type': 'sweep.missed',
    });
  });

  test('has the same bytes at every attempt, and its planning time as date', async () => {
    const open = await server();
    for (const attempt of [1, 2]) {
      await channelAt(open.port).deliver({ ...alert, attempt }, never);
    }
    const [first, second] = open.received;
    expect(second?.message).toBe(first?.message);
    const { headers } = readMail(first?.message ?? '');
    expect(headers.get('message-id')).toBe('<0b54a1c2-alert@x.example>');
    expect(new Date(headers.get('date') ?? '')).toEqual(at);
  });

  test('accepts names in any script, and lets none become a header', async () => {
    const open = await server();
    const keyName = 'Größe 中文 😀\r\nBcc: evil@x.example\r\n\r\n.\r\nMAIL FROM:<evil@x.example>';
    const changed = email.render(
      {
        type: 'findings.changed',
        data: {
          ...{ sweep: aSweep, coverage: aCoverage, part: 1, parts: 1 },
          ...{
            opened: [aFinding({ keyName })],
            reopened: [],
            resolved: [],
            lapsed: [],
            waived: [],
          },
          reminders: [],
        },
      },
      at,
    );
    await channelAt(open.port).deliver({ ...alert, body: changed.body }, never);
    expect(open.received).toHaveLength(1);
    const { headers, parts } = readMail(open.received[0]?.message ?? '');
    expect(headers.has('bcc')).toBe(false);
    expect(parts.get('text/plain')).toBe(JSON.parse(changed.body).text);
    expect(parts.get('text/html')).toContain('Größe 中文 😀');
  });

  test('keeps its headers, whatever the subject in the outbox', async () => {
    const open = await server();
    const subject = `a\r\nBcc: evil@x.example\r\n\r\n${'ü'.repeat(500)}`;
    const mail = { ...JSON.parse(body), subject };
    await channelAt(open.port).deliver({ ...alert, body: JSON.stringify(mail) }, never);
    const { headers } = readMail(open.received[0]?.message ?? '');
    expect(headers.has('bcc')).toBe(false);
    expect(headers.get('subject')).toContain('ü'.repeat(500));
  });

  test.each(['{}', 'not JSON', '{"type":"x","data":{}}'])(
    'is not made from the body %j',
    async (other) => {
      const open = await server();
      const delivery = await channelAt(open.port).deliver({ ...alert, body: other }, never);
      expect(delivery).toEqual({ kind: 'permanent', detail: 'the body is not a mail' });
      expect(open.connections()).toBe(0);
    },
  );
});

describe('the greeting', () => {
  const greeted = async (options: Partial<EmailOptions>) => {
    const open = await scripted('220 hello', ordinary);
    await channelAt(open.port, options).deliver(alert, never);
    return open.heard[0];
  };

  test('names the domain of `from`, because a container has no full host name', async () => {
    expect(await greeted({})).toBe('EHLO x.example');
  });

  test('names what the channel says', async () => {
    expect(await greeted({ name: 'pod-7.shop.example' })).toBe('EHLO pod-7.shop.example');
    expect(await greeted({ name: '[192.0.2.7]' })).toBe('EHLO [192.0.2.7]');
  });

  test('names no domain without a dot, which relays refuse', async () => {
    expect(await greeted({ from: 'keysweep@localhost' })).not.toBe('EHLO localhost');
  });
});

describe('recipients', () => {
  test('who refuse permanently are reported, and the others get the mail', async () => {
    const open = await refusing({ 'b@x.example': 550 });
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind: 'delivered',
      refused: '1 of 3 recipients refused: answered 550',
      codes: [550],
    });
    expect(open.received[0]?.to).toEqual(['a@x.example', 'c@x.example']);
  });

  test('who are greylisted get the mail at the next attempt, and the others not again', async () => {
    const codes: Record<string, number> = { 'b@x.example': 450 };
    const open = await refusing(codes);
    const first = await channelAt(open.port).deliver(alert, never);
    expect(first).toEqual({
      kind: 'passing',
      detail: '1 of 3 recipients put off: answered 450',
      codes: [450],
      reached: ['a@x.example', 'c@x.example'],
    });
    delete codes['b@x.example'];
    const reached = first.kind === 'passing' ? (first.reached ?? []) : [];
    const again = await channelAt(open.port).deliver({ ...alert, attempt: 2, reached }, never);
    expect(again).toEqual({ kind: 'delivered' });
    expect(open.received.map((mail) => mail.to)).toEqual([
      ['a@x.example', 'c@x.example'],
      ['b@x.example'],
    ]);
  });

  test('who refused permanently are reported when the last of the others has the mail', async () => {
    const codes: Record<string, number> = { 'b@x.example': 553, 'c@x.example': 451 };
    const open = await refusing(codes);
    const first = await channelAt(open.port).deliver(alert, never);
    expect(first).toEqual({
      kind: 'passing',
      detail: '1 of 3 recipients put off: answered 451; 1 of 3 recipients refused: answered 553',
      codes: [451, 553],
      reached: ['a@x.example', '553 b@x.example'],
    });
    delete codes['c@x.example'];
    const reached = first.kind === 'passing' ? (first.reached ?? []) : [];
    expect(await channelAt(open.port).deliver({ ...alert, reached }, never)).toEqual({
      kind: 'delivered',
      refused: '1 of 3 recipients refused: answered 553',
      codes: [553],
    });
    expect(open.received.map((mail) => mail.to)).toEqual([['a@x.example'], ['c@x.example']]);
  });

  test('who all refuse permanently make the failure permanent', async () => {
    const open = await refusing({ 'a@x.example': 550, 'b@x.example': 550, 'c@x.example': 551 });
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind: 'permanent',
      detail: '3 of 3 recipients refused: answered 550, 551',
      codes: [550, 550, 551],
    });
  });

  test('who are partly greylisted and partly refuse leave the alert pending', async () => {
    const open = await refusing({ 'a@x.example': 450, 'b@x.example': 550, 'c@x.example': 552 });
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail:
        '2 of 3 recipients put off: answered 450, 552; 1 of 3 recipients refused: answered 550',
      codes: [450, 552, 550],
      reached: ['550 b@x.example'],
    });
  });

  test('are not contacted if all were reached before', async () => {
    const open = await server();
    expect(await channelAt(open.port).deliver({ ...alert, reached: to }, never)).toEqual({
      kind: 'delivered',
    });
    expect(open.connections()).toBe(0);
  });

  test('who have not got a message that is then refused permanently are reported', async () => {
    const open = await differing(/^DATA$/, '554 no');
    const delivery = await channelAt(open.port).deliver(
      { ...alert, reached: [to[0] ?? ''] },
      never,
    );
    expect(delivery).toEqual({
      kind: 'delivered',
      refused: '2 of 3 recipients refused: answered 554 at DATA',
      codes: [554],
    });
  });
});

describe('an answer', () => {
  test.each([
    ['MAIL', /^MAIL/, '451 later', 'passing', 'answered 451 at MAIL', 451],
    ['MAIL', /^MAIL/, '550 no', 'permanent', 'answered 550 at MAIL', 550],
    ['MAIL', /^MAIL/, '503 what', 'passing', 'answered 503 at MAIL', 503],
    ['DATA', /^DATA$/, '451 later', 'passing', 'answered 451 at DATA', 451],
    ['DATA', /^DATA$/, '554 no', 'permanent', 'answered 554 at DATA', 554],
    ['the message', /^\.$/, '452 full', 'passing', 'answered 452 at DATA', 452],
    ['the message', /^\.$/, '552 long', 'permanent', 'answered 552 at DATA', 552],
    ['EHLO', /^(EHLO|HELO)/, '550 no', 'passing', 'answered 550 at HELO', 550],
    ['MAIL', /^MAIL/, '421 bye', 'passing', 'answered 421 at MAIL', 421],
    ['MAIL', /^MAIL/, 'what?', 'passing', 'the connection failed: EENVELOPE', 'EENVELOPE'],
  ] as const)('to %s (%s) of %j is %s', async (_, command, line, kind, detail, code) => {
    const open = await differing(command, line);
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind,
      detail,
      codes: [code],
    });
  });

  test.each(['421 busy', '554 go away', 'what?'])('%j as a greeting is passing', async (line) => {
    const open = await scripted(line, ordinary);
    const delivery = await channelAt(open.port).deliver(alert, never);
    expect(delivery.kind).toBe('passing');
    expect(inspect(delivery)).not.toMatch(/busy|go away|what/);
  });

  test('for each recipient counts if the server supports pipelining', async () => {
    const open = await scripted('220 hello', (line) => {
      if (line.startsWith('EHLO')) return '250-hello\r\n250 PIPELINING';
      return line.startsWith('RCPT TO:<b@') ? '550 no' : ordinary(line);
    });
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind: 'delivered',
      refused: '1 of 3 recipients refused: answered 550',
      codes: [550],
    });
  });

  test('that is too large ends the attempt', async () => {
    const open = await differing(/^MAIL/, `250-${'a'.repeat(70_000)}`);
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: 'the connection failed: EPROTOCOL',
      codes: ['EPROTOCOL'],
    });
  });

  test('with a size limit prevents larger mails', async () => {
    const open = await server({ size: 1_000 });
    const { port } = open;
    expect(await channelAt(port).deliver(alert, never)).toEqual({
      kind: 'permanent',
      detail: 'the mail is larger than the server takes',
      codes: [],
    });
    expect(open.received).toHaveLength(0);
    const roomy = await server({ size: 20_000 });
    expect((await channelAt(roomy.port).deliver(alert, never)).kind).toBe('delivered');
  });
});

describe('a connection', () => {
  test('that is refused is a passing failure', async () => {
    expect(await channelAt(await freePort()).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: 'not reached: ECONNREFUSED',
      codes: ['ECONNREFUSED'],
    });
  });

  test.each([
    ['in the greeting', undefined, 0],
    ['after it', '220 hello', 1],
  ] as const)('that is silent %s ends in time and is closed', async (_, greeting, lines) => {
    const open = await scripted(greeting, () => undefined);
    const delivery = await channelAt(open.port, { timeoutMs: 200 }).deliver(alert, never);
    expect(delivery).toEqual({
      kind: 'passing',
      detail: 'the connection failed: ETIMEDOUT',
      codes: ['ETIMEDOUT'],
    });
    expect(open.heard).toHaveLength(lines);
    await eventually('closed', () => open.open() === 0);
  });

  test('that is slow after the message gets more time than one that is slow before it', async () => {
    const open = await scripted('220 hello', (line, socket) => {
      if (line !== '.') return ordinary(line);
      setTimeout(() => socket.write('250 taken\r\n'), 400);
      return undefined;
    });
    const times = { timeoutMs: 300, answerTimeoutMs: 5_000 };
    expect((await channelAt(open.port, times).deliver(alert, never)).kind).toBe('delivered');
    const less = { timeoutMs: 300, answerTimeoutMs: 100 };
    expect((await channelAt(open.port, less).deliver(alert, never)).kind).toBe('passing');
  });

  test.each([
    ['in the message', (line: string) => line.startsWith('Subject:')],
    ['after the message, before the answer', (line: string) => line === '.'],
  ])('that is lost %s is tried again, with the same Message-ID', async (_, when) => {
    let lose = true;
    const open = await scripted('220 hello', (line, socket) => {
      if (!lose || !when(line)) return ordinary(line);
      socket.destroy();
      return undefined;
    });
    const delivery = await channelAt(open.port).deliver(alert, never);
    expect(delivery.kind).toBe('passing');
    expect(inspect(delivery)).toMatch(/the connection failed: E[A-Z]+/);
    lose = false;
    expect(await channelAt(open.port).deliver(alert, never)).toEqual({ kind: 'delivered' });
    const ids = open.heard.filter((line) => line.startsWith('Message-ID:'));
    expect(new Set(ids).size).toBe(1);
  });

  test('is closed with QUIT after the mail', async () => {
    const open = await differing(/^never/, '');
    await channelAt(open.port).deliver(alert, never);
    await eventually('closed', () => open.open() === 0);
    expect(open.heard.at(-1)).toBe('QUIT');
  });

  test('ends at once when the attempt is aborted', async () => {
    const reason = new Error('called off');
    const stop = new AbortController();
    const open = await scripted('220 hello', (line) =>
      line.startsWith('MAIL') ? undefined : ordinary(line),
    );
    const delivery = channelAt(open.port).deliver(alert, stop.signal);
    const ended = expect(delivery).rejects.toBe(reason);
    await eventually('at MAIL', () => open.heard.some((line) => line.startsWith('MAIL')));
    stop.abort(reason);
    await ended;
    await eventually('closed', () => open.open() === 0);
  });

  test('is not opened if the attempt was aborted before', async () => {
    const open = await server();
    const delivery = channelAt(open.port).deliver(alert, AbortSignal.abort(new Error('no')));
    await expect(delivery).rejects.toThrow('no');
    expect(open.connections()).toBe(0);
  });
});
