import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type FakeClock, openFakeClock } from '../support/fake-clock.ts';
import { startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import type { Running } from './command.ts';
import { makeDue } from './due-ticks.ts';
import { queryRecords } from './records.ts';
import { createWorld, type Difference, freshKey, staleKey, type World } from './world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const schedules = [{ id: 'often', cron: '* * * * *' }];

/** A world whose database has this clock, or the true one. BullMQ waits by its clients' clocks. */
async function aWorld(
  clock: FakeClock | undefined,
  difference: Pick<Difference, 'config' | 'source'> = { config: { schedules } },
): Promise<World> {
  const postgres = await startPostgres([], { env: clock?.env });
  closers.push(() => postgres.close());
  const redis = await startRedis();
  closers.push(() => redis.close());
  const world = await createWorld({
    stack: 'redis',
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    ...difference,
  });
  closers.push(() => world.close());
  return world;
}

async function aClock(): Promise<FakeClock> {
  const clock = await openFakeClock();
  closers.push(() => clock.close());
  return clock;
}

interface Sweeps {
  readonly opened: number;
  readonly closed: number;
}
const countSweeps = async (world: World): Promise<Sweeps> => {
  const [row] = await queryRecords<Sweeps>(
    world,
    'select count(*)::integer as opened, count(closed_at)::integer as closed from keysweep.sweep',
  );
  return row ?? { opened: 0, closed: 0 };
};

/** Waits for one more sweep than there are, which the next minute or the one after opens. */
async function nextSweep(world: World): Promise<void> {
  const before = await countSweeps(world);
  const isNext = async () => (await countSweeps(world)).closed > before.closed;
  await eventually('the next tick is swept', isNext, { deadlineMs: 150_000, everyMs: 500 });
}

const linesOf = ({ stderr }: Running, msg: string) =>
  stderr.split('\n').filter((line) => line.includes(msg));
const alertsOf = (world: World, type: string) =>
  world.receiver.received.map(({ body }) => JSON.parse(body)).filter((body) => body.type === type);
const memoryOf = ({ pid }: Running) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

async function healthOf(running: Running): Promise<number> {
  const ready = linesOf(running, 'keysweep is ready')[0] ?? '{}';
  const answer = await fetch(`http://127.0.0.1:${JSON.parse(ready).port}/healthz`);
  return answer.status;
}

test('a database whose clock steps 3 hours ahead and 2 back is swept each minute, with one line about it', async () => {
  const clock = await aClock();
  const world = await aWorld(clock);
  await makeDue(world, 'often');
  const workers = [world.launch(['start']), world.launch(['start'])];
  await Promise.all(workers.map((worker) => worker.says('keysweep is ready')));
  await nextSweep(world);

  // A slow key keeps a batch leased while the clock steps.
  world.sandbox.setFault(`latency:${freshKey.id}=1500ms`);
  await clock.set(3 * hour);
  const before = await countSweeps(world);
  await nextSweep(world);
  // A minute that begins while the world is made may be alerted by itself.
  const missed = () => alertsOf(world, 'sweep.missed').filter(({ data }) => data.count > 10);
  await eventually('the missed ticks are alerted', () => missed().length > 0);
  expect(missed()[0].data.count).toBeGreaterThan(170);
  expect(missed()[0].data.count).toBeLessThanOrEqual(180);
  expect((await countSweeps(world)).opened - before.opened).toBeLessThanOrEqual(3);

  await clock.set(hour);
  world.sandbox.fleet.setKey({ ...staleKey, id: freshKey.id });
  const after = await countSweeps(world);
  for (let more = 0; more < 2; more += 1) await nextSweep(world);
  expect((await countSweeps(world)).opened - after.opened).toBeLessThanOrEqual(4);
  for (const worker of workers) {
    expect(linesOf(worker, 'the clock was set back')).toHaveLength(1);
    expect(linesOf(worker, '"level":"error"')).toEqual([]);
    expect((await worker.end('SIGTERM')).code).toBe(0);
  }
  expect(missed()).toHaveLength(1);
  const late = `select count(*)::integer as count from keysweep.sweep_batch
    where done_at is null and leased_until > clock_timestamp() + interval '2 minutes'`;
  expect(await queryRecords(world, late)).toEqual([{ count: 0 }]);
});

test('a machine whose clock steps 7 days ahead and 2 hours back works on at once', async () => {
  const clock = await aClock();
  const world = await aWorld(clock);
  await makeDue(world, 'often');
  const running = world.launch(['start'], clock.env);
  await running.says('keysweep is ready');
  await nextSweep(world);
  const memory = memoryOf(running);

  await clock.set(7 * day);
  const before = await countSweeps(world);
  expect(await healthOf(running)).toBe(200);
  await nextSweep(world);
  expect(await healthOf(running)).toBe(200);
  expect(memoryOf(running) - memory).toBeLessThan(60);
  expect((await countSweeps(world)).opened - before.opened).toBeLessThanOrEqual(3);

  // A change that is observed at what was the past when the key was observed last.
  world.sandbox.fleet.setKey({ ...staleKey, id: freshKey.id });
  await clock.set(7 * day - 2 * hour);
  const stepped = await countSweeps(world);
  for (let more = 0; more < 2; more += 1) await nextSweep(world);
  expect((await countSweeps(world)).opened - stepped.opened).toBeLessThanOrEqual(4);
  const opened = () =>
    alertsOf(world, 'findings.changed').flatMap(({ data }) =>
      data.opened.map(({ keyId }: { keyId: string }) => keyId),
    );
  await eventually('the new finding is alerted', () => opened().includes(freshKey.id), {
    deadlineMs: 120_000,
  });
  expect(opened().sort()).toEqual([freshKey.id, staleKey.id].sort());
  expect(linesOf(running, 'the clock was set back')).toHaveLength(1);
  expect(linesOf(running, '"level":"error"')).toEqual([]);
  expect((await running.end('SIGTERM')).code).toBe(0);
});

test('a delayed job of a worker whose own clock steps 2 hours back or 3 ahead runs soon', async () => {
  const clock = await aClock();
  const world = await aWorld(undefined, { source: { attempts: 20 } });
  const running = world.launch(['start'], clock.env);
  await running.says('keysweep is ready');
  const delayed = new Redis(world.redisUrl ?? '');
  closers.push(() => delayed.disconnect());
  const whenDelayed = async () => {
    const key = `${world.prefix}:keysweep-audits:delayed`;
    const [, score] = await delayed.zrange(key, '0', '0', 'WITHSCORES');
    // BullMQ keeps the milliseconds and a counter of twelve bits.
    return score === undefined ? undefined : Number(score) / 4_096;
  };
  for (const [from, to] of [
    [0, -2 * hour],
    [-2 * hour, hour],
  ] as const) {
    world.sandbox.setFault(`500:${freshKey.id}`);
    const asked = world.sandbox.requests.key;
    const sweep = world.launch(['sweep', '--no-worker', '--format', 'json', '--quiet']);
    // Two keys, one of which was asked four times: the next wait is 8 s.
    await eventually('the key is asked again', () => world.sandbox.requests.key >= asked + 5, {
      deadlineMs: 90_000,
    });
    const runsAt = await eventually('the batch waits for its turn', whenDelayed);
    expect(runsAt - Date.now()).toBeGreaterThan(from);
    expect(runsAt - Date.now()).toBeLessThan(from + 10_000);
    await clock.set(to);
    world.sandbox.clearFaults();
    const steppedAt = performance.now();
    const { code, stdout } = await sweep.ended;
    expect({ code, verdicts: JSON.parse(stdout).verdicts }).toMatchObject({
      code: 1,
      verdicts: { pass: 1, fail: 1, unknown: 0 },
    });
    expect(performance.now() - steppedAt).toBeLessThan(100_000);
  }
  expect(linesOf(running, 'the clock was set back')).toHaveLength(1);
  expect(linesOf(running, '"level":"error"')).toEqual([]);
  expect((await running.end('SIGTERM')).code).toBe(0);
});
