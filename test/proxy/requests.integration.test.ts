import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { reachChannel } from '../../src/alert/channels/reach.ts';
import { createWebhookChannel } from '../../src/alert/channels/webhook/send.ts';
import { deliveryHint } from '../../src/alert/delivery-hint.ts';
import type { Resolve } from '../../src/alert/outbound.ts';
import type { Proxies } from '../../src/proxy/proxies.ts';
import { readProxies } from '../../src/proxy/read-proxies.ts';
import { openReceiver } from '../alert/channels/receiver.ts';
import { context, sandboxWith, sourceFor } from '../sources/flexcharge/source-for.ts';
import { canMakeCertificates, createAuthority } from '../support/certificates.ts';
import { freePort } from '../support/child-server.ts';
import { openProxy } from '../support/proxy-server.ts';

type Rules = Parameters<typeof openProxy>[0];

async function proxyWith(rules: Rules = {}) {
  const proxy = await openProxy(rules);
  onTestFinished(() => proxy.close());
  return proxy;
}

const through = (url: string, more: Record<string, string> = {}): Proxies =>
  readProxies({ HTTPS_PROXY: url, HTTP_PROXY: url, ...more }).proxies;

const unknownName: Resolve = (_, __, answered) =>
  answered(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }), []);
const privateName: Resolve = (_, __, answered) =>
  answered(null, [{ address: '10.0.0.1', family: 4 }]);

function webhookThrough(proxies: Proxies, url = 'http://hooks.example/in', resolve = unknownName) {
  const guard = { allowPrivateNetworks: false, now: () => new Date(), resolve, timeoutMs: 3_000 };
  return createWebhookChannel({ id: 'siem', url, secret: undefined, proxies, ...guard });
}

const alert = { id: 'a-1', type: 'test', body: '{}', attempt: 1 };
const deliver = (channel: ReturnType<typeof webhookThrough>) =>
  channel.deliver(alert, new AbortController().signal);

describe('a vendor through a proxy', () => {
  test('is asked by a name that only the proxy resolves, with the login of the proxy', async () => {
    const sandbox = await sandboxWith();
    const port = Number(new URL(sandbox.url).port);
    const proxy = await proxyWith({ login: 'u@x:p:/%#', knows: { 'vendor.example': port } });
    const login = `u%40x:p%3A%2F%25%23@127.0.0.1:${proxy.port}`;
    const source = sourceFor('http://vendor.example/v1', { proxies: through(`http://${login}`) });
    expect(await source.observe('key_abc123', context())).toMatchObject({ kind: 'observed' });
    expect(proxy.asked).toEqual(
      [
        'POST http://vendor.example/v1/oauth/token',
        'GET http://vendor.example/v1/keys/key_abc123',
      ].map((line) => expect.stringContaining(line.slice(0, 28))),
    );
    expect(proxy.headers[0]?.host).toBe('vendor.example');
  });

  test('is asked directly where NO_PROXY names it, and on loopback', async () => {
    const sandbox = await sandboxWith();
    const proxy = await proxyWith({ refuses: 403 });
    const source = sourceFor(sandbox.url, { proxies: through(proxy.url) });
    expect(await source.observe('key_abc123', context())).toMatchObject({ kind: 'observed' });
    const proxies = through(proxy.url, { NO_PROXY: 'other.example, vendor.example' });
    for (const url of ['https://vendor.example/v1', 'http://vendor.example/v1']) {
      const named = sourceFor(url, { proxies, config: { timeoutMs: 500 } });
      const answer = await named.observe('key_abc123', context());
      // Nothing of that name is on this network.
      expect(answer).toMatchObject({ kind: 'unanswered' });
    }
    expect(proxy.asked).toEqual([]);
  });

  const detailThrough = async (url: string, baseUrl = 'https://vendor.example/v1') => {
    const config = { timeoutMs: 500 };
    const source = sourceFor(baseUrl, { proxies: through(url), config });
    const answer = await source.observe('key_abc123', context());
    return answer.kind === 'unanswered' ? `${answer.reason}: ${answer.detail}` : answer;
  };

  test.each([
    [407, /wants another user or password \(407\)/],
    [403, /refuses to connect to this host \(403\)/],
    [404, /refuses to connect to this host \(404\)/],
    [502, /could not reach this host \(502\)/],
  ])('is not blamed for a proxy that answers CONNECT with %i', async (refuses, words) => {
    const proxy = await proxyWith({ refuses });
    const detail = await detailThrough(proxy.url);
    expect(detail).toMatch(words);
    expect(detail).toContain(`unreachable: token endpoint: the proxy at 127.0.0.1:${proxy.port}`);
    expect(proxy.asked).toEqual(['CONNECT vendor.example:443']);
  });

  test('is not blamed for a proxy that is dead, mute, or wants a login for plain HTTP', async () => {
    const dead = `127.0.0.1:${await freePort()}`;
    for (const base of ['https://vendor.example/v1', 'http://vendor.example/v1']) {
      expect(await detailThrough(`http://u:s3cret@${dead}`, base)).toBe(
        `unreachable: token endpoint: the proxy at ${dead} refuses connections (ECONNREFUSED)`,
      );
    }
    const mute = await proxyWith({ isMute: true });
    expect(await detailThrough(mute.url)).toMatch(
      new RegExp(
        `no whole answer in time through the proxy at 127.0.0.1:${mute.port}|does not answer`,
      ),
    );
    const closed = await proxyWith({ login: 'a:b' });
    expect(await detailThrough(closed.url, 'http://vendor.example/v1')).toMatch(
      /the proxy at 127.0.0.1:\d+ wants another user or password \(407\)/,
    );
  });

  test('is left at once when the source is closed, although a proxy has not connected it', async () => {
    for (const base of ['https://vendor.example/v1', 'http://vendor.example/v1']) {
      const mute = await proxyWith({ isMute: true });
      const source = sourceFor(base, { proxies: through(mute.url), config: { timeoutMs: 60_000 } });
      const asked = source.observe('key_abc123', context());
      await expect.poll(() => mute.asked.length).toBe(1);
      await Promise.all([source.close(), expect(asked).rejects.toThrow('was closed')]);
      await expect.poll(() => mute.open()).toBe(0);
    }
  });
});

describe.skipIf(!canMakeCertificates())('a vendor with TLS through a proxy', () => {
  test('is asked in a tunnel; its certificate is checked for its own name', async () => {
    const authority = await createAuthority();
    onTestFinished(() => authority.close());
    const { cert, key } = await authority.issue({ names: ['DNS:vendor.example'] });
    const server = createServer({ cert, key }, (_, response) => response.end('{}'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = await proxyWith({ knows: { 'vendor.example': port } });
    const source = sourceFor('https://vendor.example/v1', { proxies: through(proxy.url) });
    const answer = await source.observe('key_abc123', context());
    expect(proxy.asked).toEqual(['CONNECT vendor.example:443']);
    // This process does not know the authority.
    expect(answer).toMatchObject({
      detail: expect.stringMatching(
        new RegExp(
          `the vendor has a certificate of an authority that is not known here \\(UNABLE_TO_\\w+\\) through the proxy at 127.0.0.1:${proxy.port}; set NODE_EXTRA_CA_CERTS`,
        ),
      ),
    });
  });
});

describe('a channel through a proxy', () => {
  test('leaves names that do not resolve here to the proxy', async () => {
    const receiver = await openReceiver((response) => response.end());
    onTestFinished(() => receiver.close());
    const proxy = await proxyWith({ knows: { 'hooks.example': receiver.port } });
    expect(await deliver(webhookThrough(through(proxy.url)))).toEqual({ kind: 'delivered' });
    expect(proxy.asked).toEqual(['POST http://hooks.example/in']);
    expect(receiver.received).toMatchObject([{ url: '/in', body: '{}' }]);
  });

  test('is asked directly where NO_PROXY names it', async () => {
    const proxy = await proxyWith({ refuses: 403 });
    const proxies = through(proxy.url, { NO_PROXY: '.example' });
    expect(await deliver(webhookThrough(proxies))).toMatchObject({ codes: ['ENOTFOUND'] });
    expect(proxy.asked).toEqual([]);
  });

  test('refuses names that resolve here to private addresses, and asks no proxy', async () => {
    const proxy = await proxyWith();
    const refused = { kind: 'permanent', detail: expect.stringMatching(/loopback, private/) };
    for (const url of ['https://hooks.example/in', 'http://hooks.example/in']) {
      const channel = webhookThrough(through(proxy.url), url, privateName);
      expect(await deliver(channel)).toMatchObject(refused);
    }
    for (const url of ['http://10.0.0.1/in', 'http://[fd00::1]/in']) {
      expect(await deliver(webhookThrough(through(proxy.url), url))).toMatchObject(refused);
    }
    expect(proxy.asked).toEqual([]);
  });

  test('goes on with a name for which the resolver is silent', async () => {
    const proxy = await proxyWith({ refuses: 403 });
    const channel = webhookThrough(through(proxy.url), 'https://hooks.example/in', () => undefined);
    expect(await deliver(channel)).toMatchObject({ codes: ['PROXY_403'] });
  });

  test('names the proxy that did not connect it, and the mend', async () => {
    const proxy = await proxyWith({ refuses: 407 });
    const delivery = await deliver(webhookThrough(through(proxy.url), 'https://hooks.example/in'));
    const words = `the proxy at 127.0.0.1:${proxy.port} wants another user or password (407)`;
    const codes = ['PROXY_407'];
    expect(delivery).toEqual({ kind: 'passing', detail: `not reached: ${words}`, codes });
    expect(deliveryHint(codes, 'http')).toMatch(/HTTPS_PROXY/);
  });

  test('is reached by keysweep doctor on the same way', async () => {
    const config = { id: 'chat', type: 'slack' } as const;
    const url = 'https://hooks.example/in';
    const terms = { allowPrivateNetworks: false, timeoutMs: 2_000, resolve: unknownName };
    const proxy = await proxyWith({ refuses: 403 });
    const proxies = through(proxy.url);
    expect(await reachChannel(config, { url }, { ...terms, proxies })).toEqual({
      code: 'PROXY_403',
      detail: `the proxy at 127.0.0.1:${proxy.port} refuses to connect to this host (403)`,
    });
    const resolve = privateName;
    const refused = await reachChannel(config, { url }, { ...terms, proxies, resolve });
    expect(refused).toEqual({ code: 'KEYSWEEP_ADDRESS_REFUSED' });
  });
});
