import { afterEach, expect, test } from 'vitest';
import {
  createSandbox,
  type Sandbox,
  sandboxCredentials,
} from '../../../src/sandbox/create-sandbox.ts';
import { createMemoryPermits } from '../../../src/sources/limit/memory-permits.ts';
import type { OpenPermits } from '../../../src/sources/limit/permits.ts';
import type { SourceFigures } from '../../../src/sources/source-watch.ts';
import type { OnSourceFigures } from '../../../src/sources/thread/start-thread.ts';
import { startDatabaseClock } from '../../../src/timing/database-clock.ts';
import { eventually } from '../../support/eventually.ts';

// A thread runs a file as it is, so this tests what was bundled.
const built: string = '../../../build/test/start-thread.js';
const { startThread } = (await import(
  built
)) as typeof import('../../../src/sources/thread/start-thread.ts');

const never = new AbortController().signal;
const keyIds = Array.from({ length: 50 }, (_, index) => `key_${index}`);
const fleet = keyIds.map((id) => ({
  id,
  name: id,
  type: 'secret',
  scopes: [],
  createdOn: '-10d',
  lastUsed: '-1d',
  lastFour: '0000',
}));
const order = (ids: readonly string[] = keyIds) => ({
  source: 'vendor',
  sweep: 'a-sweep',
  urgent: false,
  clock: startDatabaseClock(new Date('2026-11-23T12:00:00Z')),
  keyIds: ids,
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function world(faults: readonly string[] = []) {
  const sandbox = await createSandbox({ fleet, faults });
  closing.push(() => sandbox.close());
  return sandbox;
}

function threadFor(
  sandbox: Sandbox,
  permits: OpenPermits | undefined = createMemoryPermits(),
  requests = 60_000,
  onFigures?: OnSourceFigures,
) {
  const source = {
    id: 'vendor',
    type: 'flexcharge',
    baseUrl: sandbox.url,
    rateLimit: { requests, perMs: 60_000 },
    concurrency: 10,
    adaptsConcurrency: false,
    http2: true,
    timeoutMs: 30_000,
    attempts: 5,
    usageLagMs: 0,
  } as const;
  const credentials = new Map([['vendor', { ...sandboxCredentials }]]);
  const data = { sources: [source], credentials };
  const thread = startThread(data, permits, () => undefined, onFigures);
  closing.push(() => thread.close());
  return thread;
}

test('asks for the keys of an earlier batch first, so that it can be recorded meanwhile', async () => {
  const thread = threadFor(await world(['latency=20ms']));
  const ended: number[] = [];
  const batches = [1, 2, 3].map((batch) =>
    thread.observe(order(), never).then(() => ended.push(batch) && performance.now()),
  );
  const [first = 0, second = 0, third = 0] = await Promise.all(batches);
  expect(ended).toEqual([1, 2, 3]);
  // Each takes five rounds of 20 ms; in turns with the others, all would end within one.
  expect(second - first).toBeGreaterThan(50);
  expect(third - second).toBeGreaterThan(50);
});

test('answers for every key in their order, by the clock it was given', async () => {
  const thread = threadFor(await world());
  const answers = await thread.observe(order(), never);
  const names = answers.map((answer) =>
    answer.kind === 'observed' && answer.observation.kind === 'present'
      ? answer.observation.details.name
      : undefined,
  );
  expect(names).toEqual(keyIds);
  const [first] = answers;
  const at = first?.kind === 'observed' ? first.observation.at.getTime() : 0;
  expect(at - Date.parse('2026-11-23T12:00:00Z')).toBeGreaterThanOrEqual(0);
  expect(at - Date.parse('2026-11-23T12:00:00Z')).toBeLessThan(20_000);
});

test('an abort ends the calls in flight, with the reason of the signal', async () => {
  const sandbox = await world(['latency=20s']);
  const thread = threadFor(sandbox);
  const stop = new AbortController();
  const asked = thread.observe(order(), stop.signal);
  await eventually('keys are asked for', () => sandbox.requests.key > 0);
  const reason = new Error('enough');
  stop.abort(reason);
  await expect(asked).rejects.toBe(reason);
});

test('says that the rate limit cannot be counted when its count does not answer', async () => {
  const broken: OpenPermits = () => ({
    take: () => Promise.reject(new Error('gone')),
    hold: () => Promise.reject(new Error('gone')),
  });
  const thread = threadFor(await world(), broken);
  await expect(thread.observe(order(), never)).rejects.toMatchObject({
    code: 'KEYSWEEP_PACE_UNAVAILABLE',
  });
});

test.each([
  ['other processes share', createMemoryPermits()],
  ['it keeps itself', undefined],
])('asks no faster than the permits allow that %s', async (_whose, permits) => {
  const sandbox = await world();
  const thread = threadFor(sandbox, permits, 600);
  const from = performance.now();
  await thread.observe(order(keyIds.slice(0, 5)), never);
  // Four intervals of a tenth of a second.
  expect(performance.now() - from).toBeGreaterThan(400);
});

test('calls in flight are told when it closes, and the next one starts it anew', async () => {
  const sandbox = await world(['latency=20s']);
  const thread = threadFor(sandbox);
  const asked = thread.observe(order(), never);
  const told = expect(asked).rejects.toMatchObject({ code: 'KEYSWEEP_SOURCES_GONE' });
  await eventually('keys are asked for', () => sandbox.requests.key > 0);
  await thread.close();
  await told;
  sandbox.clearFaults();
  expect(await thread.observe(order(['key_1']), never)).toMatchObject([{ kind: 'observed' }]);
});

test('made ready, it closes at once, and twice over', async () => {
  const thread = threadFor(await world());
  thread.prepare();
  thread.prepare();
  await Promise.all([thread.close(), thread.close()]);
});

test('a thread that cannot be started is no error before it is asked', async () => {
  const troubles: string[] = [];
  const unsendable = { sources: [], credentials: new Map(), oddity: () => undefined };
  const thread = startThread(unsendable, undefined, (what, code) => troubles.push(what, code));
  thread.prepare();
  expect(troubles).toEqual(['lost', 'DataCloneError']);
  await expect(thread.observe(order(), never)).rejects.toThrow();
  await thread.close();
});

test('a long wait ends a whole batch at once: no key waits for the pause to pass', async () => {
  const sandbox = await world(['429=86400s']);
  const answers = await threadFor(sandbox).observe(order(), never);
  expect(answers).toHaveLength(50);
  for (const answer of answers) {
    expect(answer).toMatchObject({ kind: 'unanswered', reason: 'rate-limited', counts: false });
  }
  expect(answers[0]).toMatchObject({ awayMs: 86_400_000, retryAt: expect.any(Date) });
  expect(sandbox.requests.key).toBeLessThanOrEqual(10);
});

test('says how each request ended, how long it took, and how long the rate limit made it wait', async () => {
  const sandbox = await world(['latency=30ms', '404:key_3']);
  const found: SourceFigures[] = [];
  const thread = threadFor(sandbox, createMemoryPermits(), 6_000, (source, figures) => {
    expect(source).toBe('vendor');
    found.push(figures);
  });
  await thread.observe(order(keyIds.slice(0, 8)), never);
  await thread.close();
  const requests = found.flatMap((figures) => figures.requests);
  // One request for the token, and eight for keys.
  const outcomes = requests.map(({ outcome }) => outcome).sort();
  expect(outcomes).toEqual([...Array(8).fill('2xx'), '4xx'].sort());
  expect(requests.filter(({ ms }) => ms > 25).length).toBeGreaterThanOrEqual(8);
  const waits = found.reduce((sum, figures) => sum + figures.waits, 0);
  expect(waits).toBeGreaterThanOrEqual(7);
});

test('says that a source is paused, and that a new thread has paused none', async () => {
  const sandbox = await world(['500']);
  const found: SourceFigures[] = [];
  const record = (_: string, figures: SourceFigures) => void found.push(figures);
  const thread = threadFor(sandbox, undefined, 60_000, record);
  await thread.observe(order(), never);
  await eventually('the pause is told', () => found.at(-1)?.paused === true);
  expect(found.reduce((sum, { pauses }) => sum + pauses, 0)).toBe(1);
  await thread.close();
  expect(found.at(-1)?.paused).toBe(false);
});
