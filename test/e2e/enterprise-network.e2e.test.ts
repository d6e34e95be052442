import { request } from 'node:http';
import { createSecureServer } from 'node:http2';
import { type AddressInfo, connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { openMailServer } from '../alert/channels/mail-server.ts';
import { canMakeCertificates, createAuthority } from '../support/certificates.ts';
import { openProxy } from '../support/proxy-server.ts';
import { createWorld } from './world.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Puts TLS before a server of this machine. */
async function withTls(to: number, certificate: { cert: string; key: string }): Promise<number> {
  const server = createTlsServer(certificate, (socket) => {
    const onward = connect(to, '127.0.0.1');
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closings.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Puts a server before one of this machine that speaks HTTP/2 and HTTP/1.1 with TLS. */
async function withHttp2(to: string, certificate: { cert: string; key: string }) {
  const versions = new Set<string>();
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, (asked, response) => {
    versions.add(asked.httpVersion);
    const { method, url: path, headers } = asked;
    const kept = Object.entries(headers).filter(([name]) => !name.startsWith(':'));
    const onward = request(new URL(path, to), { method, headers: Object.fromEntries(kept) });
    onward.once('response', (answer) => {
      const type = answer.headers['content-type'] ?? 'text/plain';
      response.writeHead(answer.statusCode ?? 502, { 'content-type': type });
      answer.pipe(response);
    });
    onward.on('error', () => response.stream.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closings.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, versions };
}

describe.skipIf(!canMakeCertificates())('in a network with a proxy and a private authority', () => {
  async function aWorld() {
    const authority = await createAuthority();
    closings.push(() => authority.close());
    const certificate = await authority.issue({ names: ['DNS:*.corp.example'] });
    const world = await createWorld({
      source: { baseUrl: 'https://vendor.corp.example/v1' },
    });
    closings.push(() => world.close());
    const vendor = await withHttp2(world.sandbox.url, certificate);
    const hooks = await withTls(world.receiver.port, certificate);
    const knows = { 'vendor.corp.example': vendor.port, 'hooks.corp.example': hooks };
    const url = 'https://hooks.corp.example/hook';
    const channels = [{ id: 'siem', type: 'webhook', url }];
    await world.write({ config: { alerts: { channels } } });
    return { authority, world, knows, vendor };
  }

  test('a sweep asks the vendor and alerts through the proxy, and tells nobody its password', async () => {
    const { authority, world, knows, vendor } = await aWorld();
    const proxy = await openProxy({ knows, login: 'keysweep:pa55@word' });
    closings.push(() => proxy.close());
    const env = {
      HTTPS_PROXY: proxy.url.replace('//', '//keysweep:pa55%40word@'),
      NODE_EXTRA_CA_CERTS: authority.caFile,
    };
    const swept = await world.run(['sweep'], env);
    expect({ code: swept.code, stderr: swept.stderr }).toMatchObject({ code: 1 });
    expect(world.receiver.received.length).toBe(1);
    // In the tunnel, with the authority that NODE_EXTRA_CA_CERTS names.
    expect([...vendor.versions]).toEqual(['2.0']);
    const hosts = new Set(proxy.asked);
    expect(hosts).toEqual(
      new Set(['CONNECT vendor.corp.example:443', 'CONNECT hooks.corp.example:443']),
    );
    const checked = await world.run(['doctor', '--format', 'json'], env);
    for (const { stdout, stderr } of [swept, checked]) {
      expect(stdout + stderr).not.toMatch(/pa55|a2V5c3dlZXA6/);
    }
    const { checks } = JSON.parse(checked.stdout) as { checks: { group: string; seen: string }[] };
    expect(checks.find(({ group }) => group === 'proxies')?.seen).toMatch(/go through this proxy/);
    expect(checks.filter(({ group }) => group === 'channels')).toMatchObject([{ status: 'ok' }]);

    // Without the authority, the failure and its mend are named.
    const { stdout } = await world.run(['doctor', '--format', 'json'], {
      ...env,
      NODE_EXTRA_CA_CERTS: undefined,
    });
    expect(stdout).toMatch(/NODE_EXTRA_CA_CERTS/);
  });

  test('a certificate that has expired or is for another name is told as such', async () => {
    const { authority, world } = await aWorld();
    const certificates = [
      [{ names: ['IP:127.0.0.1'], days: -1 }, 'has a certificate that has expired'],
      [{ names: ['DNS:other.example'] }, 'has a certificate for another name'],
    ] as const;
    for (const [terms, words] of certificates) {
      const { port, versions } = await withHttp2(world.sandbox.url, await authority.issue(terms));
      await world.write({ source: { baseUrl: `https://127.0.0.1:${port}/v1`, attempts: 1 } });
      const env = { NODE_EXTRA_CA_CERTS: authority.caFile };
      const { code, stdout } = await world.run(['sweep', '--format', 'json'], env);
      expect({ code }).toEqual({ code: 3 });
      expect(stdout).toContain(words);
      expect(versions.size).toBe(0);
    }
  });

  test('mail trusts the authority of NODE_EXTRA_CA_CERTS', async () => {
    const authority = await createAuthority();
    closings.push(() => authority.close());
    const { cert, key } = await authority.issue({ names: ['DNS:localhost', 'IP:127.0.0.1'] });
    const tls = { cert, key, disabledCommands: ['AUTH'] };
    const smtps = await openMailServer({ ...tls, secure: true });
    const starttls = await openMailServer({ ...tls, hideSTARTTLS: false });
    closings.push(smtps.close, starttls.close);
    const channel = { type: 'email', from: 'keysweep@shop.example', to: ['sec@shop.example'] };
    const world = await createWorld({
      config: {
        alerts: {
          allowPrivateNetworks: true,
          channels: [
            { id: 'a', ...channel, smtp: `smtps://localhost:${smtps.port}` },
            { id: 'b', ...channel, smtp: `smtp://127.0.0.1:${starttls.port}?starttls=required` },
          ],
        },
      },
    });
    closings.push(() => world.close());
    const doctor = async (env: Record<string, string>) => {
      const { stdout } = await world.run(['doctor', '--send', '--format', 'json'], env);
      const { checks } = JSON.parse(stdout) as { checks: { group: string }[] };
      return checks.filter(({ group }) => group === 'channels');
    };
    const untrusted = { status: 'failure', mend: expect.stringMatching(/NODE_EXTRA_CA_CERTS/) };
    expect(await doctor({})).toMatchObject([untrusted, untrusted]);
    expect(smtps.received.concat(starttls.received)).toEqual([]);
    const trusting = await doctor({ NODE_EXTRA_CA_CERTS: authority.caFile });
    expect(trusting).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    expect([smtps, starttls].map(({ received }) => received[0]?.secure)).toEqual([true, true]);
  });

  test('a dead proxy is named; a bad one ends every command with one line', {
    tags: ['all'],
  }, async () => {
    const { world } = await aWorld();
    await world.write({ source: { baseUrl: 'https://vendor.corp.example/v1', attempts: 1 } });
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const dead = { HTTPS_PROXY: `http://keysweep:pa55@127.0.0.1:${port}` };
    const words = `the proxy at 127.0.0.1:${port} refuses connections (ECONNREFUSED)`;
    const swept = await world.run(['sweep', '--format', 'json'], dead);
    expect({ code: swept.code }).toEqual({ code: 3 });
    expect(swept.stdout).toContain(words);
    const { code, stdout } = await world.run(['doctor'], dead);
    expect(code).toBe(2);
    expect(stdout).toContain(words);
    expect(swept.stdout + swept.stderr + stdout).not.toContain('pa55');

    for (const command of ['start', 'doctor']) {
      const bad = { HTTPS_PROXY: 'http://keysweep:pa55/x@proxy.example:3128' };
      const ended = await world.run(command.split(' '), bad);
      expect(ended.code).toBe(2);
      expect(ended.stdout + ended.stderr).toMatch(/HTTPS_PROXY must be a URL such as/);
      expect(ended.stdout + ended.stderr).not.toContain('pa55');
    }
  });
});
