import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { as, openSite } from './a-site.ts';

const list = '/api/v1/held-sweeps';
const operator = as('operator');

/** The worst case: no sign-in is asked for. */
const anybody = () =>
  openSite({
    result: () => ({ request: 'a' }),
    otherwise: () => ({ name: 'anonymous', role: 'operator', from: '127.0.0.1' }),
  });

describe('a page of another origin', () => {
  const fromEvil = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' };
  const json = { 'content-type': 'application/json' };
  test.each<[string, string, Record<string, string>]>([
    ['a form', 'POST', { ...fromEvil, 'sec-fetch-mode': 'navigate', 'content-type': 'text/plain' }],
    ['a form of an old browser', 'POST', { origin: 'http://evil.example', ...json }],
    ['a form in a sandbox', 'POST', { origin: 'null', ...json }],
    ['a form without an origin', 'POST', { 'sec-fetch-site': 'cross-site', ...json }],
    ['a form of a neighbouring port', 'POST', { origin: 'http://127.0.0.1:1', ...json }],
    ['a form of a neighbouring site', 'POST', { 'sec-fetch-site': 'same-site', ...json }],
    ['a fetch', 'GET', { ...fromEvil, 'sec-fetch-mode': 'cors' }],
    [
      'a fetch that cannot read',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    ],
    ['a preflight', 'OPTIONS', { ...fromEvil, 'access-control-request-method': 'DELETE' }],
    [
      'a frame',
      'GET',
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    ],
  ])('is refused with %s', async (_what, method, headers) => {
    const { ask, callers } = await anybody();
    const body = method === 'POST' ? { body: '{}' } : {};
    const refused = await ask('/api/v1/sweeps/last', { method, headers, ...body });
    expect(refused.status).toBe(403);
    expect(refused.headers['access-control-allow-origin']).toBeUndefined();
    expect(callers).toEqual([]);
  });

  test('may lead people here, and our own pages may ask', async () => {
    const { ask, port } = await anybody();
    const visit = {
      ...{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      'sec-fetch-dest': 'document',
    };
    expect((await ask('/healthz', { headers: visit })).status).toBe(200);
    const own = { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask('/api/v1/sweeps', { method: 'POST', headers: own, body: '{}' })).status).toBe(
      202,
    );
  });
});

describe('a request to another host', () => {
  test.each(['evil.example', '10.0.0.1', 'localhost.evil.example', 'evil.example:8080'])(
    'is refused: %j',
    async (host) => {
      const { ask, callers } = await anybody();
      expect((await ask('/api/v1/sweeps/last', { headers: { host } })).status).toBe(421);
      expect(callers).toEqual([]);
    },
  );

  test('is refused with a right Host beside a whole URL of another', async () => {
    const { send } = await anybody();
    const both = await send(
      'GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    );
    expect(both).toMatch(/^HTTP\/1.1 421 /);
  });

  test.each([
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['no host, as old probes', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
    ['an empty host', 'GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n', 421],
    ['no host elsewhere', `GET ${list} HTTP/1.0\r\n\r\n`, 421],
    ['a host that is no host', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n', 400],
    ['a user before the host', 'GET / HTTP/1.1\r\nHost: a@b\r\nConnection: close\r\n\r\n', 400],
  ])('%s', async (_what, bytes, status) => {
    const { send } = await anybody();
    expect(await send(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test('is a probe of an orchestrator, which names a pod by its address', async () => {
    const { ask } = await anybody();
    for (const host of ['10.0.0.1:8080', '[fd00::1]:8080']) {
      expect((await ask('/healthz', { headers: { host } })).status).toBe(200);
      expect(
        (await ask('/healthz', { headers: { host, origin: 'http://10.0.0.1:1' } })).status,
      ).toBe(403);
    }
    expect((await ask('/healthz', { headers: { host: 'evil.example' } })).status).toBe(421);
  });

  test('is ours under the public name and other names that the configuration gives', async () => {
    const { ask } = await openSite({
      http: { publicUrl: 'https://keysweep.example', hosts: ['keysweep.svc'] },
    });
    for (const host of ['keysweep.example', 'keysweep.svc:8080']) {
      expect((await ask(list, { headers: { ...operator, host } })).status).toBe(200);
    }
  });
});

describe('wrong tokens', () => {
  const wrong = (place: number) => ({ authorization: `Bearer wrong-token-${place}` });

  test('of 1,000, twenty are looked at; then even the right one waits for the minute to end', async () => {
    const clock = { ms: 0 };
    const { ask, callers, denied } = await openSite({ now: () => clock.ms });
    const statuses = new Map<number, number>();
    for (let place = 0; place < 1_000; place += 1) {
      const { status } = await ask(list, { headers: wrong(place) });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 401: 20, 429: 980 });
    const held = await ask(list, { headers: operator });
    expect(held.status).toBe(429);
    expect(held.headers['retry-after']).toBe('60');
    expect(callers).toEqual([]);
    expect(denied).toHaveLength(1_001);
    const nobody = { who: null, role: null, what: 'token', origin: '127.0.0.1' };
    expect(denied[0]).toEqual({ ...nobody, reason: 'the token is not known' });
    expect((await ask('/healthz')).status).toBe(200);
    clock.ms = 60_000;
    expect((await ask(list, { headers: operator })).status).toBe(200);
  });

  test('of one client do not hold off another behind the same proxy', async () => {
    const { ask } = await openSite({ http: { trustedProxies: ['127.0.0.1'] } });
    const by = (address: string, headers: Record<string, string>) =>
      ask(list, { headers: { ...headers, 'x-forwarded-for': address } });
    for (let place = 0; place < 21; place += 1) await by('198.51.100.1', wrong(place));
    expect((await by('198.51.100.1', operator)).status).toBe(429);
    expect((await by('198.51.100.2', operator)).status).toBe(200);
  });
});

describe('paths', () => {
  test.each([
    ...[
      '/api/v1/../../etc/passwd',
      '/api/v1/%2e%2e/%2e%2e/etc/passwd',
      '//evil.example/',
      '/api/v1',
    ],
    ...['/api/v1/sweeps/..%2f..', '/API/v1/held-sweeps', '/api/v1/held-sweeps/', '/api//v1/sweeps'],
    ...[
      '/api/v1/held-sweeps%00',
      '/api/v1/%zz',
      '/healthz/../api/v1/held-sweeps',
      '/;/api/v1/sweeps',
    ],
  ])('%s gets nothing without a token', async (path) => {
    const { send, callers } = await openSite();
    const answer = await send(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 (400|401|404) /);
    expect(callers).toEqual([]);
  });
});

describe('sizes', () => {
  test('a body of up to 4 MB is read, a larger one is a 413', async () => {
    const { ask } = await anybody();
    const post = (body: string) => ask('/api/v1/sweeps', { method: 'POST', body });
    const size = 4 * 1_024 * 1_024;
    expect((await post('{}'.padEnd(size))).status).toBe(202);
    expect((await post('{}'.padEnd(size + 1))).status).toBe(413);
  });

  test('an endless body is cut off', async () => {
    const { send } = await anybody();
    const head =
      'POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n';
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const answer = await send(head, ...Array.from({ length: 100 }, () => chunk));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('the body is over 4194304 bytes');
  });

  test('a body without a caller is not read', async () => {
    const { ask } = await openSite();
    const body = '{}'.padEnd(5 * 1_024 * 1_024);
    expect((await ask('/api/v1/sweeps', { method: 'POST', body })).status).toBe(401);
    const viewer = as('viewer');
    expect((await ask('/api/v1/sweeps', { method: 'POST', body, headers: viewer })).status).toBe(
      403,
    );
  });

  test('headers of up to 16 kB are read, larger ones are a 431', async () => {
    const { ask } = await anybody();
    const header = (size: number) => ask('/healthz', { headers: { 'x-long': 'x'.repeat(size) } });
    expect((await header(15_000)).status).toBe(200);
    const refused = await header(17_000);
    expect(refused.status).toBe(431);
    expect(JSON.parse(refused.text)).toMatchObject({ status: 431 });
  });

  test('a filter of 10,000 characters is refused with its name', async () => {
    const { ask } = await anybody();
    const refused = await ask(`/api/v1/findings?owner=${'x'.repeat(10_000)}`);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('owner');
    expect(refused.text.length).toBeLessThan(1_000);
  });
});

describe('slow senders', () => {
  const limits = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 };

  test.each([
    ['nothing', []],
    ['half a head', ['GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n']],
    [
      'half a body',
      [
        'POST /api/v1/sweeps HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n',
        'Content-Length: 100\r\n\r\n{',
      ],
    ],
  ])('whoever sends %s is cut off', async (_what, pieces) => {
    const { send } = await openSite({
      limits,
      otherwise: () => ({ name: 'anonymous', role: 'operator', from: '127.0.0.1' }),
    });
    expect(await send(...pieces)).toMatch(/^HTTP\/1.1 408 /);
  });

  test('an answer may take longer than a request', async () => {
    const { ask } = await openSite({
      limits,
      result: () => new Promise((resolve) => setTimeout(() => resolve({ request: 'a' }), 900)),
      otherwise: () => ({ name: 'anonymous', role: 'operator', from: '127.0.0.1' }),
    });
    expect((await ask('/api/v1/sweeps', { method: 'POST', body: '{}' })).status).toBe(202);
  });
});

test('what is no HTTP is answered with 400', async () => {
  const { send } = await openSite();
  expect(await send('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
});

test('of 251 connections from one address, the last is closed', async () => {
  const { send, port } = await openSite();
  const held = Array.from({ length: 250 }, () => connect(port, '127.0.0.1'));
  await Promise.all(held.map((socket) => once(socket, 'connect')));
  const probe = 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
  expect(await send(probe)).toBe('');
  held[0]?.destroy();
  await eventually('there is room again', async () => (await send(probe)).endsWith('well'));
  for (const socket of held) socket.destroy();
});
