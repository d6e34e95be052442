import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../src/http/api/create-api.ts';
import { createListener } from '../../src/http/create-listener.ts';
import { createSite } from '../../src/http/create-site.ts';
import { mapOperations } from '../../src/operations/index.ts';
import { createPagedList } from '../../src/operations/paged-list.ts';
import { operationsThrough } from '../../src/operations/remote/remote.ts';
import { type AskedServer, askThroughHttp } from '../../src/operations/remote/server-client.ts';
import { noProxies, type Proxies } from '../../src/proxy/proxies.ts';
import { RequestRefused } from '../../src/record/store/errors.ts';
import { openProxy } from '../support/proxy-server.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(answer: Answer): Promise<URL> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    return new Promise((closed) => server.close(closed));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const through = (url: URL, means: Partial<AskedServer> = {}) =>
  operationsThrough(
    askThroughHttp({
      ...{ url, token: 'the-token', proxies: noProxies, signal: new AbortController().signal },
      ...means,
    }),
  );

/** A site whose operations answer with `result`, for callers who show the token. */
async function openSite(result: (input: unknown, once?: string) => unknown, under = '') {
  const log = pino({ level: 'silent' });
  const operations = mapOperations((operation) =>
    'items' in operation
      ? (input: unknown) =>
          createPagedList(async () => ({
            items: result(input) as readonly unknown[],
            next: null,
          }))
      : async (input: unknown, once?: string) => result(input, once),
  );
  const site = createSite({
    http: {
      host: '127.0.0.1',
      hosts: ['keysweep.example'],
      publicUrl: undefined,
      trustedProxies: [],
    },
    open: [],
    routes: { [`${under}/api/v1`]: createApi({ operationsFor: () => () => operations, log }) },
    findCaller: [
      ({ req }) =>
        req.header('authorization') === 'Bearer the-token'
          ? { name: 'ops', role: 'viewer', from: 'test' }
          : undefined,
    ],
    log,
  });
  return listen(createListener(site));
}

/** A server that gives each question the next of these answers, and the last one again. */
async function answering(
  ...answers: readonly (readonly [status: number, headers: object, body: string])[]
) {
  const asked: IncomingMessage[] = [];
  const url = await listen((request, response) => {
    const [status, headers, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [
      500,
      {},
      '',
    ];
    asked.push(request);
    response.writeHead(status, { ...headers }).end(body);
  });
  return { url, asked };
}

const id = '0a6e1ff5-7c2c-4d0e-9a51-2f8f3a6f0c11';
const words = { reason: null, requestedBy: null };
const problem = { 'content-type': 'application/problem+json' };
const refused = (error: Promise<unknown>) =>
  error.then(
    () => 'not refused',
    (error: Error) => error.message,
  );

test('asks with the token, below the path of the URL, and reads the answer', async () => {
  const at = new Date('2026-11-28T10:00:00.123Z');
  const asked: unknown[] = [];
  const site = await openSite((input) => {
    asked.push(input);
    return { deadlineAt: at, reasons: [] };
  }, '/keysweep');
  for (const path of ['/keysweep', '/keysweep/']) {
    const { pending } = through(new URL(path, site));
    expect(await pending({ id })).toEqual({ deadlineAt: at, reasons: [] });
  }
  expect(asked).toEqual([{ id }, { id }]);
});

test('an absent thing is undefined, and a refusal is a refusal', async () => {
  const absent = await openSite(() => undefined);
  expect(await through(absent).progress({ id })).toBeUndefined();
  const refusing = await openSite(() => {
    throw new RequestRefused('no such sweep');
  });
  await expect(through(refusing).report({ id })).rejects.toEqual(
    new RequestRefused('no such sweep'),
  );
});

test('names the variables of the token when it is missing or wrong', async () => {
  const site = await openSite(() => undefined);
  const ask = (token: string | undefined) => refused(through(site, { token }).progress({ id }));
  expect(await ask(undefined)).toContain(
    `the server at ${site.origin} wants a token (401): set KEYSWEEP_TOKEN or KEYSWEEP_TOKEN_FILE`,
  );
  const wrong = await ask('another-token');
  expect(wrong).toContain('refuses the token (401): check KEYSWEEP_TOKEN or KEYSWEEP_TOKEN_FILE');
  expect(wrong).not.toContain('another-token');
});

test('says what the role of the token does not permit', async () => {
  const site = await openSite(() => ({ request: id }));
  expect(await refused(through(site).sweep(words))).toBe(
    `the server at ${site.origin} does not permit this (403): the role viewer does not permit changes`,
  );
});

test.each<[what: string, answer: readonly [number, object, string], words: string]>([
  [
    'another version',
    [404, problem, '{"detail":"there is nothing"}'],
    'runs another version of keysweep: it has no GET /api/v1/requests/',
  ],
  [
    'another program',
    [404, {}, 'no'],
    'is not keysweep, or has it at another path: check the URL (404)',
  ],
  ['a firewall', [403, {}, 'no'], 'the answer is not from keysweep: check what stands before it'],
  ['another name', [421, problem, '{"detail":"x"}'], 'does not answer to the name 127.0.0.1:'],
  [
    'a page',
    [200, { 'content-type': 'text/html' }, '<html>'],
    'does not answer with JSON (200): check the URL',
  ],
  [
    'a redirect',
    [302, { location: 'https://other.example/x?secret' }, ''],
    'redirects to https://other.example (302), which is not followed',
  ],
  ['a failure', [500, problem, '{"detail":"internal error"}'], 'failed (500): internal error'],
  ['a gateway', [502, {}, '<html>'], 'failed (502)'],
  ['a strange answer', [418, {}, ''], 'answers with status 418'],
  [
    'controls',
    [500, problem, JSON.stringify({ detail: '\u001b[31m' })],
    'failed (500): \\u{1b}[31m',
  ],
])('of %s it says what to do', async (_what, answer, expected) => {
  const { url, asked } = await answering(answer);
  const said = await refused(through(url).progress({ id }));
  expect(said).toContain(`the server at ${url.origin} `);
  expect(said).toContain(expected);
  expect(said).not.toMatch(/the-token|secret/);
  expect(asked).toHaveLength(1);
});

test('an answer in another form says that the versions differ', async () => {
  const { url } = await answering([200, {}, '{"sweeps":[]}']);
  const list = async () => {
    for await (const _ of through(url).keys({})) return;
  };
  expect(await refused(list())).toContain('runs another version of keysweep');
});

test('asks again when the server says when, with the same key for the same change', async () => {
  const { url, asked } = await answering(
    [429, { 'retry-after': '0' }, ''],
    [503, { 'retry-after': '0' }, ''],
    [202, {}, `{"request":"${id}"}`],
  );
  expect(await through(url).sweep(words)).toEqual({ request: id });
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

test('does not wait longer than its patience', async () => {
  const { url, asked } = await answering([429, { 'retry-after': '3' }, '']);
  expect(await refused(through(url, { patienceMs: 2_900 }).progress({ id }))).toContain(
    'answers no questions from here for now (429): ask again in 3 s',
  );
  expect(asked).toHaveLength(1);
  const waited = through(url, { patienceMs: 0 }).progress({ id });
  await expect(waited).rejects.toMatchObject({ retryable: false });
});

// A proxy that holds clients off often gives no time. Whoever waits for a sweep asks again then.
test.each([
  [503, 'failed (503)'],
  [429, 'answers no questions from here for now (429)'],
])('status %i without a time may pass', async (status, expected) => {
  const { url, asked } = await answering([status, {}, '']);
  const failed = through(url).progress({ id });
  await expect(failed).rejects.toMatchObject({ retryable: true });
  expect(await refused(failed)).toContain(expected);
  expect(asked).toHaveLength(1);
});

test('a server that is silent, breaks off or is not there is named with the mend', async () => {
  const silent = await listen(() => undefined);
  expect(await refused(through(silent, { silenceMs: 100 }).progress({ id }))).toBe(
    `the server at ${silent.origin} does not answer (ETIMEDOUT): check its address, and the firewall between`,
  );
  const broken = await listen((_request, response) => {
    response.writeHead(200, { 'content-length': '9' });
    response.write('{');
    setImmediate(() => response.destroy());
  });
  expect(await refused(through(broken).progress({ id }))).toBe(
    `the server at ${broken.origin} broke off its answer (ECONNRESET): see its log`,
  );
  const gone = new URL('http://127.0.0.1:1');
  const lost = through(gone).progress({ id });
  await expect(lost).rejects.toMatchObject({ code: 'KEYSWEEP_SERVER', retryable: true });
  expect(await refused(through(gone).progress({ id }))).toBe(
    'the server at http://127.0.0.1:1 refuses connections (ECONNREFUSED): check that it runs',
  );
});

test('the end of the command ends a question', async () => {
  const stop = new AbortController();
  const silent = await listen(() => stop.abort());
  expect(await refused(through(silent, { signal: stop.signal }).progress({ id }))).toContain(
    'keysweep was stopped before it answered',
  );
});

test('goes through the proxy of the environment, and names it when it refuses', async () => {
  const site = await openSite(() => undefined);
  const url = new URL('http://keysweep.example');
  const proxy = await openProxy({ knows: { 'keysweep.example': Number(site.port) } });
  closings.push(() => proxy.close());
  const proxies: Proxies = { https: proxy.url, http: proxy.url, except: '' };
  expect(await through(url, { proxies }).progress({ id })).toBeUndefined();
  expect(proxy.asked).toEqual([`GET ${url}api/v1/requests/${id}`]);

  const refusing = await openProxy({ refuses: 403 });
  closings.push(() => refusing.close());
  const secure = new URL('https://keysweep.example');
  const means = { proxies: { ...proxies, https: refusing.url } };
  expect(await refused(through(secure, means).progress({ id }))).toMatch(
    /^the server at https:\/\/keysweep.example was not reached: the proxy at .* refuses to connect/,
  );
});
