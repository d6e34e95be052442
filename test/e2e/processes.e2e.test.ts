/** @module-tag all */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Running } from './command.ts';
import { createWorld, freshKey, hasStack, type World } from './world.ts';

const withTimings = fileURLToPath(
  new URL('../../build/test/start-processes-with-timings.js', import.meta.url),
);
const stack = hasStack('redis') ? 'redis' : 'postgres';
/** Of each process. */
const concurrency = 3;
/** Five batches, of which a process takes three at once. */
const fleet = Array.from({ length: 1_000 }, (_, at) => ({
  ...freshKey,
  id: `key_${at}`,
  fault: 'latency=40ms',
}));

let world: World;
let stopped: number[] = [];
afterEach(async () => {
  for (const pid of stopped) if (!isGone(pid)) process.kill(pid, 'SIGKILL');
  stopped = [];
  await world.close();
});

/** `script`: instead of the built command. */
async function startTwo(script?: string): Promise<Running> {
  const config = { worker: { processes: 2 } };
  world = await createWorld({ stack, fleet, config, source: { concurrency } });
  return startAgain(script);
}

async function startAgain(script?: string): Promise<Running> {
  const running = world.launch(['start'], {}, script);
  await running.says('a worker process is ready');
  return running;
}

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

/** Every line of the log is JSON, whoever wrote it. */
function linesOf({ stderr }: Running, msg: string): readonly Line[] {
  const lines = stderr.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.msg === msg);
}

const threadsOf = (pid: number) => readdirSync(`/proc/${pid}/task`).length;

const readyWorkers = (running: Running) =>
  linesOf(running, 'a worker process is ready').map(({ worker }) => Number(worker));

async function underWay(): Promise<Running> {
  const { requests } = world.sandbox;
  const before = requests.key;
  const sweep = world.launch(['sweep', '--no-worker', '--quiet']);
  await eventually('both processes ask', () => requests.mostAtOnce > concurrency);
  expect(requests.key - before).toBeLessThan(fleet.length);
  return sweep;
}

/** A process that nobody waited for counts as gone, also while the system still lists it. */
function isGone(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) {
    return !existsSync(stat) || /\) Z /.test(readFileSync(stat, 'utf8'));
  }
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

async function scrape(running: Running): Promise<(metric: string) => number> {
  const [ready] = linesOf(running, 'keysweep is ready');
  const text = await (await fetch(`http://127.0.0.1:${ready?.['port']}/metrics`)).text();
  const readValue = (line: string) => Number(line.split(' ').at(-1));
  return (metric) => {
    const found = text.split('\n').filter((line) => line.startsWith(metric));
    return found.map(readValue).reduce((sum, value) => sum + value, 0);
  };
}

/** Stops the worker process as a debugger does, and asks both to stop. */
async function hangAtStop(running: Running): Promise<number> {
  const [worker = 0] = readyWorkers(running);
  process.kill(worker, 'SIGSTOP');
  stopped.push(worker);
  running.child.kill('SIGTERM');
  await running.says('keysweep is stopping');
  return worker;
}

describe.skipIf(!hasStack('postgres'))('two worker processes of one start', () => {
  test.skipIf(!existsSync('/proc/self/task'))(
    'that only work have the thread that asks the vendors ready, before a sweep needs it',
    async () => {
      const running = await startTwo();
      const [worker = 0] = readyWorkers(running);
      await eventually('the thread', () => threadsOf(worker) > threadsOf(running.pid));
      expect((await running.end('SIGTERM')).code).toBe(0);
    },
  );

  test('share a sweep, and what both did is counted in one place', async () => {
    const running = await startTwo();
    const { requests } = world.sandbox;
    expect((await (await underWay()).ended).code).toBe(0);
    expect(requests.mostAtOnce).toBeLessThanOrEqual(2 * concurrency);
    const asked = requests.key + requests.token;
    await eventually('every request of both is counted', async () => {
      const figure = await scrape(running);
      const counted = figure('keysweep_vendor_requests_total');
      const timed = figure('keysweep_vendor_request_duration_seconds_count');
      if (counted === asked && timed === asked) return true;
      throw new Error(`${counted} and ${timed} of ${asked}`);
    });
    expect((await scrape(running))('keysweep_worker_processes')).toBe(2);

    const [worker] = readyWorkers(running);
    const [ready] = linesOf(running, 'keysweep is ready');
    expect(ready).toMatchObject({ pid: running.pid, processes: 2 });
    expect(linesOf(running, 'a worker process is ready')).toMatchObject([
      { pid: running.pid, process: 2, working: 2, of: 2 },
    ]);
    expect(worker).not.toBe(running.pid);
  });

  test('go on when one is killed, and another takes its place', async () => {
    const running = await startTwo(withTimings);
    const sweep = await underWay();
    const [killed = 0] = readyWorkers(running);
    // The next process has it from the first one, as it was.
    await writeFile(join(world.folder, 'keysweep.yaml'), 'broken: [');
    process.kill(killed, 'SIGKILL');
    await running.says('a worker process ended');
    expect(linesOf(running, 'a worker process ended; it is started again')).toMatchObject([
      { process: 2, worker: killed, signal: 'SIGKILL', code: null, waitMs: 1_000, working: 1 },
    ]);
    await eventually('another works', () => readyWorkers(running).length === 2);
    expect(sweep.child.exitCode, 'the sweep is under way').toBe(null);
    expect(isGone(killed)).toBe(true);
    expect((await sweep.ended).code).toBe(0);
    expect((await scrape(running))('keysweep_worker_processes')).toBe(2);
  });

  test('end when the process that started them is killed', async () => {
    const running = await startTwo();
    await underWay();
    const [worker = 0] = readyWorkers(running);
    expect(isGone(worker)).toBe(false);
    await running.end('SIGKILL');
    await eventually('the worker process is gone', () => isGone(worker), { deadlineMs: 15_000 });
  });

  test('stop together at SIGTERM, with exit 0', async () => {
    const running = await startTwo();
    await underWay();
    const [worker = 0] = readyWorkers(running);
    const started = performance.now();
    expect(await running.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(isGone(worker)).toBe(true);
    const stopping = linesOf(running, 'keysweep is stopping').map(({ pid }) => pid);
    expect(stopping.sort()).toEqual([running.pid, worker].sort());
    expect(linesOf(running, 'a worker process ended; it is started again')).toEqual([]);
  });

  test('stop in ten seconds if one hangs, and at once at a second signal', async () => {
    const running = await startTwo();
    const started = performance.now();
    const killed = await hangAtStop(running);
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(isGone(killed)).toBe(true);

    const again = await startAgain();
    const worker = await hangAtStop(again);
    const signalled = performance.now();
    expect((await again.end('SIGTERM')).code).toBe(143);
    expect(performance.now() - signalled).toBeLessThan(2_000);
    await eventually('the worker process is gone', () => isGone(worker), { deadlineMs: 5_000 });
  });
});
