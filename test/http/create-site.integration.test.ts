import { expect, test } from 'vitest';
import { BacktestEnded } from '../../src/backtest/errors.ts';
import { type OperationName, registry } from '../../src/operations/index.ts';
import { DatabaseUnavailable, RequestRefused } from '../../src/record/store/errors.ts';
import { type Answered, as, openSite } from './a-site.ts';

const list = '/api/v1/held-sweeps';
const operator = as('operator');

/** A back-test that counts for a while, and then fails. */
const failsLater = (error: Error) => () => ({
  async *count() {
    for (let done = 0; done < 10_000; done += 1) yield [done, 10_000];
    throw error;
  },
  close: async () => undefined,
});

const problemOf = ({ headers, status, text }: Answered) => {
  expect(headers['content-type']).toBe('application/problem+json');
  const problem = JSON.parse(text) as { status: number; detail: string; instance?: string };
  expect(problem).toMatchObject({ type: 'about:blank', status });
  return problem;
};

test('who shows nothing gets no answer of the API, and is told how to ask', async () => {
  const { ask } = await openSite();
  const refused = await ask(list);
  expect(problemOf(refused)).toMatchObject({ status: 401 });
  expect(refused.headers['www-authenticate']).toBe('Bearer realm="keysweep"');
  expect((await ask('/healthz')).status).toBe(200);
});

test('a token says who asks and what is permitted', async () => {
  const { ask, callers } = await openSite({ result: () => ({ request: 'a' }) });
  const sweep = { method: 'POST', body: '{}' };
  expect((await ask('/api/v1/sweeps', { ...sweep, headers: operator })).status).toBe(202);
  const proof = { known: 'token' };
  expect(callers).toEqual([{ name: 'the operator', role: 'operator', from: '127.0.0.1', proof }]);
  for (const role of ['viewer', 'auditor']) {
    const refused = await ask('/api/v1/sweeps', { ...sweep, headers: as(role) });
    expect(problemOf(refused)).toMatchObject({ status: 403 });
    expect((await ask('/api/v1/requests/none', { headers: as(role) })).status).toBe(200);
  }
});

/** What every role may ask for. */
const reading: readonly OperationName[] = [
  ...(['sweeps', 'report', 'heldSweeps', 'progress', 'pending', 'findings', 'keys'] as const),
  ...(['findKeys', 'keyHistory', 'alerts', 'outcome', 'auditLog', 'storeFacts'] as const),
  ...(['reviews', 'review', 'reviewKeys', 'waivers', 'newestCheckpoint'] as const),
  // It looks for itself whose keys they are.
  'decideReview',
];

/** What auditors may ask for beside that. */
const auditing: readonly OperationName[] = [
  ...(['evidenceCheck', 'evidencePack', 'evidenceSummary', 'keyProof'] as const),
];

test.each(['viewer', 'auditor', 'operator'])(
  'the role %s may ask for what it reads, an operator for everything',
  async (role) => {
    const { ask } = await openSite();
    const permitted: string[] = [];
    for (const [name, { method, path }] of Object.entries(registry)) {
      const at = `/api/v1/${path.replaceAll(/\{\w+\}/g, 'a')}`;
      const { status } = await ask(at, { method, headers: as(role) });
      if (status !== 403) permitted.push(name);
    }
    const all = Object.keys(registry);
    const evidence = role === 'auditor' ? auditing : [];
    expect(permitted.sort()).toEqual(
      [...(role === 'operator' ? all : [...reading, ...evidence])].sort(),
    );
  },
);

test('the description of the API is for whoever may read', async () => {
  const { ask } = await openSite();
  expect(problemOf(await ask('/api/v1/openapi.json')).status).toBe(401);
  const { headers, text } = await ask('/api/v1/openapi.json', { headers: as('viewer') });
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(JSON.parse(text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
});

test('a back-test takes a policy of up to 1 MB', async () => {
  const { ask } = await openSite({ result: () => undefined });
  const statusOf = async (size: number) => {
    const body = JSON.stringify({ policy: '#'.repeat(size), sweeps: { kind: 'last' } });
    return (await ask('/api/v1/backtests', { method: 'POST', headers: operator, body })).status;
  };
  expect(await statusOf(1_048_576)).toBe(404);
  expect(await statusOf(1_048_577)).toBe(400);
});

test.each([
  ['another token', 'Bearer token-of-nobody', 401],
  ['the beginning of a token', 'Bearer token-of-operato', 401],
  ['a hash of nothing', 'Bearer ', 401],
  ['another scheme', 'Basic dG9rZW4tb2Ytb3BlcmF0b3I6', 401],
  ['a scheme in capitals', 'BEARER token-of-operator', 200],
])('%s: %s is answered with %d', async (_what, authorization, status) => {
  const { ask } = await openSite();
  expect((await ask(list, { headers: { authorization } })).status).toBe(status);
});

test('a client behind a proxy that is trusted is known by its own address', async () => {
  const proxied = { ...operator, 'x-forwarded-for': '198.51.100.7' };
  const trusting = await openSite({ http: { trustedProxies: ['127.0.0.1'] } });
  await trusting.ask(list, { headers: proxied });
  expect(trusting.callers).toMatchObject([{ from: '198.51.100.7' }]);
  const other = await openSite();
  await other.ask(list, { headers: proxied });
  expect(other.callers).toMatchObject([{ from: '127.0.0.1' }]);
});

test('an unknown path is a 404, and another method a 405 that names the right ones', async () => {
  const { ask } = await openSite();
  expect(problemOf(await ask('/api/v1/nothing', { headers: operator })).status).toBe(404);
  expect(problemOf(await ask('/nothing')).status).toBe(404);
  const refused = await ask('/api/v1/sweeps/last', { method: 'PUT', headers: operator });
  expect(problemOf(refused).status).toBe(405);
  expect(refused.headers['allow']).toBe('DELETE, GET, HEAD');
});

test('a request with faults is a 400 that names them', async () => {
  const { ask } = await openSite({ result: () => ({ request: 'a' }) });
  const post = (body: string) => ask('/api/v1/sweeps', { method: 'POST', headers: operator, body });
  expect(problemOf(await post('{"wrong":1}'))).toMatchObject({ status: 400 });
  expect(problemOf(await post('{"wrong":1}')).detail).toContain('wrong');
  expect(problemOf(await post('{'))).toMatchObject({ status: 400 });
});

test('a body that is not JSON is a 415; no body needs no type', async () => {
  const { ask } = await openSite({ result: () => ({ request: 'a' }) });
  const post = (type: string | undefined, body: string | undefined) => {
    const headers = { ...operator, ...(type === undefined ? {} : { 'content-type': type }) };
    return ask('/api/v1/sweeps', { method: 'POST', headers, ...(body && { body }) });
  };
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
    expect(problemOf(await post(type, '{}'))).toMatchObject({ status: 415 });
  }
  expect((await post('application/json; charset=utf-8', '{}')).status).toBe(202);
  expect((await post('Application/JSON', '{}')).status).toBe(202);
  expect((await post(undefined, undefined)).status).toBe(202);
});

test.each([
  ['a refusal', new RequestRefused('no such key'), 422],
  ['an absent database', new DatabaseUnavailable('db.example refuses ann'), 503],
  ['a broken connection', Object.assign(new Error('at db.example'), { code: 'ECONNRESET' }), 503],
  ['text that no row can hold', Object.assign(new Error('0x00'), { code: '22021' }), 400],
])(
  '%s is a problem with a status of its own, and no fault to log',
  async (_what, error, status) => {
    const { ask, lines } = await openSite({
      result: () => {
        throw error;
      },
    });
    const answer = await ask(list, { headers: operator });
    expect(answer.status).toBe(status);
    expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
    expect(problemOf(answer).detail).not.toContain('db.example');
    expect(lines).toEqual([]);
  },
);

test('another failure is a 500 whose words stay here; the log has its place and its name', async () => {
  const { ask, lines } = await openSite({
    result: () => {
      throw new TypeError('the password is 1234');
    },
  });
  const problem = problemOf(await ask('/api/v1/sweeps/secret-id', { headers: operator }));
  expect(problem).toMatchObject({ status: 500, detail: 'internal error' });
  expect(JSON.parse(lines.join(''))).toMatchObject({
    msg: 'a request failed',
    ...{ method: 'GET', route: '/api/v1/sweeps/:id', code: 'TypeError' },
    instance: problem.instance,
  });
  expect(lines.join('')).not.toMatch(/1234|secret-id/);
});

test.each([
  [
    Object.assign(new Error('at db.example'), { code: 'ECONNRESET' }),
    { level: 40, code: 'ECONNRESET', detail: 'the database does not serve us now' },
  ],
  [
    new BacktestEnded('it took longer than 60 s'),
    { level: 40, detail: 'the back-test was ended: it took longer than 60 s' },
  ],
  [new TypeError('at db.example'), { level: 50, code: 'TypeError' }],
])(
  'an answer that fails after its beginning is cut off, so that nobody takes it for whole, and the log says why: %s',
  async (error, said) => {
    const { ask, lines } = await openSite({ result: failsLater(error) });
    const body = JSON.stringify({ sweeps: { kind: 'last' } });
    const broken = ask('/api/v1/backtests', { method: 'POST', headers: operator, body });
    await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: 'an answer was cut off', route: '/api/v1/backtests', ...said },
    ]);
    expect(lines.join('')).not.toContain('db.example');
  },
);

test('every answer forbids browsers to guess, to frame and to keep it', async () => {
  const { ask } = await openSite();
  for (const answer of [await ask('/healthz'), await ask(list), await ask('/nothing')]) {
    expect(answer.headers).toMatchObject({
      ...{ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' },
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' },
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
  }
});
