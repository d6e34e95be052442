import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askSource } from '../../jobs/ask-source.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { ClaimedBatch } from '../../src/record/store/claimed-batch.ts';
import { openRequestedSweep } from '../../src/record/sweeps/open-sweep.ts';
import { recordBatch } from '../../src/record/sweeps/record-batch.ts';
import { readProgress, writeRequest } from '../../src/record/sweeps/requests.ts';
import type { Answer } from '../../src/sources/key-source.ts';
import { planOutcome } from '../../src/sources/plan-outcome.ts';
import type { Sources } from '../../src/sources/sources.ts';
import { readClock } from '../../src/timing/database-clock.ts';
import { untraced } from '../../src/tracing/tracing.ts';
import { describeStores } from '../record/stores.ts';
import { aSource, claim, inputs, run, someKeys } from '../record/world.ts';
import { context, sourceFor } from '../sources/flexcharge/source-for.ts';

const day = 86_400;
let vendor: {
  readonly url: string;
  keys: string[];
  answer: (response: ServerResponse, id: string) => void;
};
const closing: (() => void)[] = [];
const away = (status: number, after: string) => (response: ServerResponse) =>
  response.writeHead(status, { 'retry-after': after }).end('{}');
const found = (response: ServerResponse, id: string) =>
  response.end(JSON.stringify({ id, name: 'a', type: 'secret', scopes: [], lastFour: '1234' }));

beforeEach(async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url?.endsWith('/oauth2/token')) {
      return response.end(JSON.stringify({ accessToken: 't', expires: Date.now() + 600_000 }));
    }
    const id = request.url?.split('/').at(-1) ?? '';
    vendor.keys.push(id);
    return vendor.answer(response, id);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vendor = { url: `http://127.0.0.1:${port}/v1`, keys: [], answer: found };
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
});
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

/** A worker with a client of its own; `paused` ends with its clock, which the test moves. */
function aWorker() {
  const logged: Record<string, unknown>[] = [];
  const clock = { ticks: 0 };
  const config = { concurrency: 1 };
  const client = sourceFor(vendor.url, { config, ticks: () => clock.ticks });
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const sources: Pick<Sources, 'config' | 'observe'> = {
    config: () => ({ timeoutMs: 10_000 }) as ReturnType<Sources['config']>,
    async observe({ keys }) {
      const answers: { pending: (typeof keys)[number]; answer: Answer }[] = [];
      for (const pending of keys) {
        answers.push({ pending, answer: await client.observe(pending.key.keyId, context()) });
      }
      return answers;
    },
  };
  return { sources: sources as Sources, log, logged, clock };
}

describeStores('a source that asks us to stay away', (get) => {
  const signal = new AbortController().signal;

  async function aSweep(keys: number, source = aSource(), deadlineMs = 8 * 3_600_000) {
    const id = await writeRequest(
      get(),
      { keys: undefined, reason: null, requestedBy: null },
      null,
    );
    const tracked = someKeys(keys, source);
    const opened = await openRequestedSweep(get(), id, deadlineMs, inputs(tracked));
    if (opened === undefined) throw new Error('the sweep did not open');
    return { source, id, opened };
  }
  const ask = (batch: ClaimedBatch, worker: ReturnType<typeof aWorker>) =>
    askSource(batch, { ...worker, database: get(), tracing: untraced, signal }, false);
  const probeNow = () => run(get(), 'update keysweep.source_wait set probe_at = now()');
  const record = (batch: ClaimedBatch, asked: Awaited<ReturnType<typeof ask>>) => {
    const now = readClock(batch.clock);
    const policy = compilePolicy(batch.policy);
    const terms = { policy, asOf: batch.asOf, now, usageLagMs: 0, attempts: 5, patient: true };
    return recordBatch(get(), batch, planOutcome(asked, terms));
  };

  test.each([
    ['500 in seconds', () => away(500, String(day))],
    ['502 in seconds', () => away(502, String(day))],
    ['503 in seconds', () => away(503, String(day))],
    ['504 in seconds', () => away(504, String(day))],
    ['429 until a date', () => away(429, new Date(Date.now() + day * 1_000).toUTCString())],
  ])('%s: nobody asks again, the log and the progress say it', async (what, answer) => {
    vendor.answer = answer();
    const { source, id, opened } = await aSweep(201);
    const [one, other] = [aWorker(), aWorker()];
    const first = await claim(get(), opened, 0);
    const asked = await ask(first, one);
    expect(vendor.keys).toEqual(['key_0']);
    expect(
      asked.filter(({ answer }) => answer.kind === 'unanswered' && answer.counts),
    ).toHaveLength(what.startsWith('5') ? 1 : 0);
    await record(first, asked);

    const second = await claim(get(), opened, 1);
    await record(second, await ask(second, other));
    expect(vendor.keys).toHaveLength(1);
    expect(one.logged).toMatchObject([
      { source, msg: 'a source asked us to stay away for long; it is probed meanwhile' },
    ]);
    expect(other.logged).toEqual([]);
    const { waits } = (await readProgress(get(), id)) ?? {};
    expect(waits?.away).toMatchObject([{ source, pastDeadline: true }]);
    expect(waits?.askedAgain).toMatchObject({ keys: 201, keyId: 'key_0' });
    expect(waits?.away[0]?.inMs).toBeLessThanOrEqual(8 * 3_600_000);
    expect(waits?.away[0]?.probeInMs).toBeGreaterThan(590_000);
  });

  test('one worker probes it with one key; its answer opens the source for all', async () => {
    vendor.answer = away(429, '3600');
    const { source, id, opened } = await aSweep(401);
    const workers = [aWorker(), aWorker(), aWorker()] as const;
    const batches = [await claim(get(), opened, 0)];
    for (const batch of [1, 2]) batches.push(await claim(get(), opened, batch));
    const [first, second, third] = batches as [ClaimedBatch, ClaimedBatch, ClaimedBatch];
    await ask(first, workers[0]);
    expect((await readProgress(get(), id))?.waits?.away).toMatchObject([{ pastDeadline: false }]);

    await probeNow();
    for (const { clock } of workers) clock.ticks = 700_000;
    const again = await Promise.all([ask(first, workers[0]), ask(second, workers[1])]);
    expect(vendor.keys).toHaveLength(2);
    expect(again.flat().every(({ answer }) => answer.kind === 'unanswered')).toBe(true);
    // The same wait, said again, is not logged again.
    expect(workers.flatMap(({ logged }) => logged)).toHaveLength(1);

    vendor.answer = found;
    await probeNow();
    for (const { clock } of workers) clock.ticks = 1_400_000;
    const open = await ask(first, workers[0]);
    expect(open.every(({ answer }) => answer.kind === 'observed')).toBe(true);
    expect((await ask(third, workers[2]))[0]?.answer.kind).toBe('observed');
    expect((await readProgress(get(), id))?.waits?.away).toEqual([]);
    expect(source).toBe(third.source);
  });

  test.each([
    ['a minute with 503', 503, '60'],
    ['a minute with 500', 500, '60'],
    ['a day with 408, which is about one request,', 408, String(day)],
  ])('%s is no long wait: the next key is asked', async (_, status, after) => {
    vendor.answer = away(status, after);
    const { id, opened } = await aSweep(2);
    const worker = aWorker();
    const batch = await claim(get(), opened, 0);
    await record(batch, await ask(batch, worker));
    expect(vendor.keys).toEqual(['key_0', 'key_1']);
    expect(worker.logged).toEqual([]);
    expect((await readProgress(get(), id))?.waits).toMatchObject({
      away: [],
      askedAgain: { keys: 2, keyId: 'key_0', reason: 'vendor-error', detail: `HTTP ${status}` },
    });
  });
});
