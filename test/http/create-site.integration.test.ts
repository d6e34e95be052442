import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../src/http/api/create-api.ts';
import { createSite, type FindCaller } from '../../src/http/create-site.ts';
import { type Listening, listen } from '../../src/http/listen.ts';
import { mapOperations } from '../../src/operations/index.ts';
import type { CallerRole } from '../../src/options/roles.ts';
import { DatabaseUnavailable, RequestRefused } from '../../src/record/store/errors.ts';

let listening: Listening | undefined;
afterEach(async () => listening?.close());

/** A server whose operations answer with `result`, for a caller of this role. */
async function open(result: () => unknown, role: CallerRole | 'nobody' = 'operator') {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(line) });
  const operations = mapOperations((operation) =>
    'items' in operation
      ? async function* () {
          yield* result() as readonly unknown[];
        }
      : async () => result(),
  );
  const findCaller: FindCaller = () =>
    role === 'nobody' ? undefined : { name: 'it', role, from: '127.0.0.1' };
  const site = createSite({
    open: [new Hono().get('/healthz', (context) => context.text('well'))],
    routes: { '/api/v1': createApi({ operationsFor: () => () => operations, log }) },
    findCaller: [findCaller],
    log,
  });
  const at = { host: '127.0.0.1', port: 0 };
  listening = await listen(getRequestListener(site.fetch), at);
  const origin = `http://127.0.0.1:${listening.port}`;
  return { lines, ask: (path: string, init?: RequestInit) => fetch(origin + path, init) };
}

const problemOf = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await answer.json()) as { status: number; detail: string };
  expect(problem).toMatchObject({ type: 'about:blank', status: answer.status });
  return problem;
};

const post = (body: string) => ({ method: 'POST', body });

test('who shows nothing gets no answer of the API, and is told how to ask', async () => {
  const { ask } = await open(() => [], 'nobody');
  const refused = await ask('/api/v1/held-sweeps');
  expect(await problemOf(refused)).toMatchObject({ status: 401 });
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="keysweep"');
  expect((await ask('/healthz')).status).toBe(200);
});

test('a viewer reads, and gets 403 for a change', async () => {
  const { ask } = await open(() => [], 'viewer');
  expect((await ask('/api/v1/held-sweeps')).status).toBe(200);
  expect(await problemOf(await ask('/api/v1/sweeps', post('{}')))).toMatchObject({ status: 403 });
});

test('an unknown path is a 404, and another method a 405 that names the right ones', async () => {
  const { ask } = await open(() => []);
  expect(await problemOf(await ask('/api/v1/nothing'))).toMatchObject({ status: 404 });
  expect(await problemOf(await ask('/nothing'))).toMatchObject({ status: 404 });
  const refused = await ask('/api/v1/sweeps/last', { method: 'PUT' });
  expect(await problemOf(refused)).toMatchObject({ status: 405 });
  expect(refused.headers.get('allow')).toBe('DELETE, GET, HEAD');
});

test('a request with faults is a 400 that names them', async () => {
  const { ask } = await open(() => ({ request: 'a' }));
  const { detail } = await problemOf(await ask('/api/v1/sweeps', post('{"wrong":1}')));
  expect(detail).toContain('wrong');
  expect(await problemOf(await ask('/api/v1/sweeps', post('{')))).toMatchObject({ status: 400 });
});

test('a body of up to 4 MB is read, a larger one is a 413', async () => {
  const { ask } = await open(() => ({ request: 'a' }));
  const size = 4 * 1_024 * 1_024;
  expect((await ask('/api/v1/sweeps', post('{}'.padEnd(size)))).status).toBe(202);
  const refused = await ask('/api/v1/sweeps', post('{}'.padEnd(size + 1)));
  expect(await problemOf(refused)).toMatchObject({ status: 413 });
});

test.each([
  ['a refusal', new RequestRefused('no such key'), 422],
  ['an absent database', new DatabaseUnavailable('db.example refuses ann'), 503],
  ['a broken connection', Object.assign(new Error('at db.example'), { code: 'ECONNRESET' }), 503],
  ['text that no row can hold', Object.assign(new Error('0x00'), { code: '22021' }), 400],
])(
  '%s is a problem with a status of its own, and no fault to log',
  async (_what, error, status) => {
    const { ask, lines } = await open(() => {
      throw error;
    });
    const answer = await ask('/api/v1/held-sweeps');
    const { detail } = await problemOf(answer);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    expect(detail).not.toContain('db.example');
    expect(lines).toEqual([]);
  },
);

test('another failure is a 500 whose words stay here; the log has its place and its name', async () => {
  const { ask, lines } = await open(() => {
    throw new TypeError('the password is 1234');
  });
  const problem = await problemOf(await ask('/api/v1/sweeps/secret-id'));
  expect(problem).toMatchObject({ status: 500, detail: 'internal error' });
  const { instance } = problem as unknown as { instance: string };
  expect(JSON.parse(lines.join(''))).toMatchObject({
    msg: 'a request failed',
    ...{ method: 'GET', route: '/api/v1/sweeps/:id', code: 'TypeError', instance },
  });
  expect(lines.join('')).not.toContain('1234');
});
