import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import {
  createSandbox,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/create-sandbox.ts';

const now = new Date('2026-11-20T02:30:00Z');
const key = {
  id: 'key_abc123',
  name: 'My API Key',
  type: 'secret',
  scopes: ['customers:read', 'charges:read'],
  createdOn: '-19d',
  lastUsed: '-5d',
  lastFour: '7dc0',
  mid: 'merchant-1',
};

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await createSandbox({ fleet: [key], now, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const post = (url: string, body: string) => fetch(`${url}/oauth2/token`, { method: 'POST', body });

async function tokenOf({ url }: Sandbox): Promise<string> {
  const credentials = { AppKey: 'demo-app-key', AppSecret: 'demo-app-secret' };
  const response = await post(url, JSON.stringify(credentials));
  const { accessToken } = (await response.json()) as { accessToken: string };
  return accessToken;
}

async function ask(sandbox: Sandbox, id: string, init: RequestInit & { token?: string } = {}) {
  const token = init.token ?? (await tokenOf(sandbox));
  const headers = { authorization: `bearer ${token}` };
  return fetch(`${sandbox.url}/api-keys/${id}`, { redirect: 'manual', ...init, headers });
}

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

test('issues a token of ten minutes for the right credentials, in both spellings', async () => {
  const { url } = await start();
  for (const spelling of [
    { AppKey: 'demo-app-key', AppSecret: 'demo-app-secret' },
    { appKey: 'demo-app-key', appSecret: 'demo-app-secret' },
  ]) {
    const startedAt = Date.now();
    const response = await post(url, JSON.stringify(spelling));
    const body = await json(response);
    expect(response.status).toBe(200);
    expect(body).toMatchObject({ success: true, status: null, errors: [] });
    expect(String(body['accessToken']).split('.')).toHaveLength(3);
    expect(Number(body['expires']) - startedAt).toBeGreaterThanOrEqual(600_000);
    expect(Number(body['expires']) - startedAt).toBeLessThan(610_000);
  }
});

test.each([
  ['a wrong secret', JSON.stringify({ AppKey: 'demo-app-key', AppSecret: 'x' })],
  ['nothing', '{}'],
  ['no JSON', 'grant_type=client_credentials'],
  ['null', 'null'],
  ['a flood', JSON.stringify({ AppKey: 'x'.repeat(100_000) })],
])('says 400 to %s', async (_name, body) => {
  const { url } = await start();
  expect((await post(url, body)).status).toBe(400);
});

test('tells of a key as the page has it, relative dates resolved', async () => {
  const response = await ask(await start(), 'key_abc123');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual({
    status: 'SUCCESS',
    success: true,
    id: 'key_abc123',
    name: 'My API Key',
    type: 'secret',
    scopes: ['customers:read', 'charges:read'],
    createdOn: '2026-11-01T02:30:00Z',
    lastUsed: '2026-11-15T02:30:00Z',
    lastFour: '7dc0',
    errors: [],
  });
});

test('says 401 without a token, with a wrong one, and with one that has ended', async () => {
  const sandbox = await start({ tokenLifeMs: 50 });
  const token = await tokenOf(sandbox);
  expect((await ask(sandbox, 'key_abc123', { token })).status).toBe(200);
  expect((await ask(sandbox, 'key_abc123', { token: 'x' })).status).toBe(401);
  expect((await fetch(`${sandbox.url}/api-keys/key_abc123`)).status).toBe(401);
  await expect.poll(async () => (await ask(sandbox, 'key_abc123', { token })).status).toBe(401);
});

test('says missing in both shapes', async () => {
  const sandbox = await start({ faults: ['missing-failed:key_revoked'] });
  const bare = await ask(sandbox, 'key_gone');
  expect(bare.status).toBe(404);
  expect(await bare.json()).toEqual({ errors: ['API key not found.'] });

  const failed = await ask(sandbox, 'key_revoked');
  expect(failed.status).toBe(200);
  expect(await failed.json()).toMatchObject({
    status: 'FAILED',
    success: false,
    id: null,
    errors: ['API key not found.', 'Invalid API key ID.'],
  });
});

test('lists a merchant’s keys in snake case, without ids and scopes', async () => {
  const response = await ask(await start(), 'merchant-1');
  expect(await response.json()).toEqual({
    keys: [
      {
        name: 'My API Key',
        type: 'secret',
        created_at: '2026-11-01T02:30:00Z',
        last_used: '2026-11-15T02:30:00Z',
        last_four: '7dc0',
      },
    ],
  });
});

test('revokes a key for ever', async () => {
  const sandbox = await start();
  const first = await ask(sandbox, 'key_abc123', { method: 'DELETE' });
  expect(await json(first)).toMatchObject({ status: 'SUCCESS', success: true });
  expect((await ask(sandbox, 'key_abc123')).status).toBe(404);
  const second = await ask(sandbox, 'key_abc123', { method: 'DELETE' });
  expect(await json(second)).toMatchObject({ status: 'FAILED', errors: ['API key not found.'] });
});

test('a test may change the fleet under way', async () => {
  const sandbox = await start();
  await ask(sandbox, 'key_abc123');
  sandbox.fleet.setKey({ ...key, name: 'Renamed' });
  expect(await json(await ask(sandbox, 'key_abc123'))).toMatchObject({ name: 'Renamed' });
  sandbox.fleet.removeKey('key_abc123');
  expect((await ask(sandbox, 'key_abc123')).status).toBe(404);
});

test('counts what it was asked', async () => {
  const sandbox = await start();
  const token = await tokenOf(sandbox);
  await ask(sandbox, 'key_abc123', { token });
  await ask(sandbox, 'key_abc123', { token });
  await ask(sandbox, 'a%2Fb', { token });
  expect(sandbox.requests).toMatchObject({ token: 1, key: 3 });
  expect(sandbox.requests.keys).toEqual(
    new Map([
      ['key_abc123', 2],
      ['a/b', 1],
    ]),
  );
  sandbox.requests.reset();
  expect(sandbox.requests).toMatchObject({ token: 0, key: 0 });
});

test.each([
  ['403', 403, {}],
  ['404', 404, { title: 'The request failed.' }],
  ['500', 500, { TraceId: [expect.any(String)] }],
  ['409', 409, { errors: [{ item1: 'ApiKey', item2: expect.any(String) }] }],
  ['429=2s', 429, {}],
  ['failed-200', 200, { status: 'FAILED', errors: ['Something went wrong.'] }],
  ['id-mismatch', 200, { id: 'key_abc123_other' }],
  ['null-scopes', 200, { scopes: null }],
  ['bad-dates', 200, { createdOn: '2026-02-30T00:00:00Z' }],
  ['wrong-type', 200, { id: 'key_abc123' }],
  ['snake-case', 200, { created_at: '2026-11-01T02:30:00Z' }],
] as const)('the fault %s', async (fault, status, body) => {
  const response = await ask(await start({ faults: [fault] }), 'key_abc123');
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject(body);
});

test('Retry-After comes in seconds, as a date, or not at all', async () => {
  const retryAfter = async (fault: string) =>
    (await ask(await start({ faults: [fault] }), 'key_abc123')).headers.get('retry-after');
  expect(await retryAfter('429=2s')).toBe('2');
  expect(await retryAfter('429-bare')).toBeNull();
  expect(Date.parse((await retryAfter('429-date=60s')) ?? '')).toBeGreaterThan(Date.now() + 50_000);
});

test('HTML and redirects', async () => {
  const page = await ask(await start({ faults: ['html=502'] }), 'key_abc123');
  expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html']);
  const moved = await ask(await start({ faults: ['redirect=/v1/there'] }), 'key_abc123');
  expect([moved.status, moved.headers.get('location')]).toEqual([302, '/v1/there']);
});

test('a fault of one key leaves the others alone, and ends when its times are over', async () => {
  const sandbox = await start({ fleet: [key, { id: 'key_b' }], faults: ['500:key_b*2'] });
  const statuses: number[] = [];
  for (const id of ['key_b', 'key_abc123', 'key_b', 'key_b']) {
    statuses.push((await ask(sandbox, id)).status);
  }
  expect(statuses).toEqual([500, 200, 500, 200]);
});

test('a fault of every key leaves the token endpoint alone', async () => {
  const sandbox = await start({ faults: ['500'] });
  expect(await tokenOf(sandbox)).toEqual(expect.any(String));
  expect((await ask(sandbox, 'key_abc123')).status).toBe(500);
  sandbox.clearFaults();
  expect((await ask(sandbox, 'key_abc123')).status).toBe(200);
});

test('latency comes on top of other faults', async () => {
  const sandbox = await start({ faults: ['latency=80ms', '503'] });
  const token = await tokenOf(sandbox);
  const startedAt = performance.now();
  expect((await ask(sandbox, 'key_abc123', { token })).status).toBe(503);
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
});

test.each(['cut-body', 'reset'])('under %s the answer breaks off', async (fault) => {
  const sandbox = await start({ faults: [fault] });
  await expect(ask(sandbox, 'key_abc123').then((response) => response.text())).rejects.toThrow();
});

test('other paths and methods are refused', async () => {
  const sandbox = await start();
  expect((await fetch(`${sandbox.url}/charges`)).status).toBe(404);
  expect((await fetch(`${sandbox.url}/oauth2/token`)).status).toBe(405);
  expect((await ask(sandbox, 'key_abc123', { method: 'PATCH' })).status).toBe(405);
  expect((await ask(sandbox, '%E0%A4%A')).status).toBe(400);
});

test('closes with calls hanging and timers running', async () => {
  const sandbox = await createSandbox({ fleet: [key], now, faults: ['latency=60s'] });
  const token = await tokenOf(sandbox);
  const call = ask(sandbox, 'key_abc123', { token }).catch((error: unknown) => error);
  await expect.poll(() => sandbox.requests.key).toBe(1);
  await Promise.race([
    sandbox.close(),
    sleep(2_000).then(() => Promise.reject(new Error('hangs'))),
  ]);
  expect(await call).toBeInstanceOf(Error);
});

test('refuses a fault that it does not know before it listens', async () => {
  await expect(createSandbox({ fleet: [key], faults: ['flood'] })).rejects.toThrow('unknown kind');
});
