import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type FakeClock, openFakeClock } from '../support/fake-clock.ts';
import { startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import type { Running } from './command.ts';
import { makeDue } from './due-ticks.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const schedules = [{ id: 'often', cron: '* * * * *' }];

/** A world of a minutely schedule whose database has this clock. BullMQ waits by its clients' clocks. */
async function aWorld(clock: FakeClock): Promise<World> {
  const postgres = await startPostgres([], { env: clock.env });
  closers.push(() => postgres.close());
  const redis = await startRedis();
  closers.push(() => redis.close());
  const world = await createWorld({
    stack: 'redis',
    databaseUrl: postgres.url,
    redisUrl: redis.url,
    config: { schedules },
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
  world.sandbox.fleet.setKey({ ...freshKey, fault: 'latency=1500ms' });
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
