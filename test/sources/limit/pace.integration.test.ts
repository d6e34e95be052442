import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { openPostgresDatabase } from '../../../src/record/store/database.ts';
import { HeldBack } from '../../../src/sources/errors.ts';
import type { Pace } from '../../../src/sources/key-source.ts';
import { createPace } from '../../../src/sources/limit/create-pace.ts';
import { createMemoryPermits } from '../../../src/sources/limit/memory-permits.ts';
import type { OpenPermits } from '../../../src/sources/limit/permits.ts';
import { createPostgresPermits } from '../../../src/sources/limit/postgres-permits.ts';
import { createRedisPermits } from '../../../src/sources/limit/redis-permits.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { freshRedisPrefix } from '../../support/redis.ts';

const never = new AbortController().signal;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Two workers' ways to the permits that they share. */
type OpenTwo = () => Promise<readonly [OpenPermits, OpenPermits]>;

const inMemory: OpenTwo = async () => {
  const open = createMemoryPermits();
  const permits = new Map<string, ReturnType<OpenPermits>>();
  const shared: OpenPermits = (source, intervalMs) => {
    const its = permits.get(source) ?? open(source, intervalMs);
    permits.set(source, its);
    return its;
  };
  return [shared, shared];
};

const inRedis: OpenTwo = async () => {
  const url = inject('redisUrl') ?? '';
  const { prefix, drop } = freshRedisPrefix(url);
  closing.push(drop);
  const open = () => {
    const redis = new Redis(url);
    closing.push(async () => redis.disconnect());
    return createRedisPermits(redis, prefix);
  };
  return [open(), open()];
};

const inPostgres: OpenTwo = async () => {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  closing.push(() => fresh.drop());
  const open = () => {
    const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
    closing.push(() => database.close());
    return database;
  };
  const [one, other] = [open(), open()];
  return [createPostgresPermits(one), createPostgresPermits(other)];
};

const kept = [
  ['this process', inMemory, true],
  ['Redis', inRedis, inject('redisUrl') !== undefined],
  ['PostgreSQL', inPostgres, inject('databaseUrl') !== undefined],
] as const;

const paceAt = (open: OpenPermits, requests: number, perMs: number) =>
  createPace({ id: 'vendor', rateLimit: { requests, perMs } }, { open });

/** Takes permits with `callers` calls at a time until the end; when each was given. */
async function takeMany(pace: Pace, callers: number, end: AbortSignal, urgent = false) {
  const at: number[] = [];
  setMaxListeners(0, end);
  const take = async () => {
    while (!end.aborted) {
      await pace.take(end, urgent);
      at.push(performance.now());
    }
  };
  await Promise.all(Array.from({ length: callers }, () => take().catch(() => undefined)));
  return at;
}

/** The most instants in any window of this length. */
function mostIn(instants: readonly number[], windowMs: number): number {
  const sorted = [...instants].sort((a, b) => a - b);
  let [most, from] = [0, 0];
  for (const [index, at] of sorted.entries()) {
    while ((sorted[from] ?? at) <= at - windowMs) from += 1;
    most = Math.max(most, index - from + 1);
  }
  return most;
}

describe.each(kept)('permits in %s', (_where, openTwo, isHere) => {
  describe.skipIf(!isHere)('shared by two workers', () => {
    test('are spread evenly: no window sees over 1.05 times the limit', async () => {
      const [one, other] = (await openTwo()).map((open) => paceAt(open, 100, 1_000));
      if (one === undefined || other === undefined) throw new Error('two were opened');
      const end = AbortSignal.timeout(2_000);
      const given = (await Promise.all([takeMany(one, 20, end), takeMany(other, 20, end)])).flat();
      expect(mostIn(given, 1_000)).toBeLessThanOrEqual(105);
      // A busy machine loses some: those that it uses too late.
      expect(given.length).toBeGreaterThan(100);
    });

    test('go to a re-audit first, though the other worker’s night waits', async () => {
      const [night, day] = (await openTwo()).map((open) => paceAt(open, 10, 1_000));
      if (night === undefined || day === undefined) throw new Error('two were opened');
      const stop = new AbortController();
      const nightly = takeMany(night, 20, stop.signal);
      await wait(300);
      const from = performance.now();
      await Promise.all(Array.from({ length: 6 }, () => day.take(never, true)));
      const until = performance.now();
      stop.abort(new Error('enough'));
      const meanwhile = (await nightly).filter((at) => at > from && at < until);
      // One that had been given before, and one where this machine is slow. In turns it were six.
      expect(meanwhile.length).toBeLessThanOrEqual(3);
    });

    test('end for both within 100 ms when one is asked to wait, and begin again after that', async () => {
      const [one, other] = (await openTwo()).map((open) => paceAt(open, 100, 1_000));
      if (one === undefined || other === undefined) throw new Error('two were opened');
      const end = AbortSignal.timeout(2_000);
      const taking = Promise.all([takeMany(one, 20, end), takeMany(other, 20, end)]);
      await wait(300);
      const from = performance.now();
      await one.pause(1_000);
      const given = (await taking).flat();
      const during = given.filter((at) => at > from + 100 && at < from + 1_000);
      expect(during).toEqual([]);
      expect(given.filter((at) => at >= from + 1_000).length).toBeGreaterThan(10);
    });

    test('are held for ten minutes at most', async () => {
      const [open] = await openTwo();
      const pace = paceAt(open, 10, 1_000);
      await pace.take(never, false);
      await pace.pause(86_400_000);
      await expect(pace.take(never, true)).rejects.toMatchObject({
        waitMs: expect.toSatisfy((ms) => ms > 590_000 && ms <= 600_000),
      });
    });
  });
});

test('a permit that nobody used in time is no permit for a crowd later', async () => {
  const [open] = await inMemory();
  const pace = paceAt(open, 20, 1_000);
  await pace.take(never, false);
  await pace.take(never, false);
  await wait(500);
  const end = AbortSignal.timeout(300);
  // Ten intervals have passed; six pass now, and one may be late.
  expect((await takeMany(pace, 30, end)).length).toBeLessThanOrEqual(8);
});

test.each([
  [59_000, 1_000, false],
  [61_000, 1_000, true],
  [119_000, 120_000, false],
  [121_000, 120_000, true],
])('a hold of %i ms under a window of %i ms sends callers away: %s', async (ms, perMs, away) => {
  const [open] = await inMemory();
  const pace = paceAt(open, 100, perMs);
  await pace.pause(ms);
  const giving = new AbortController();
  const taken = pace.take(giving.signal, false).catch((error) => error);
  await wait(20);
  giving.abort(new Error('enough'));
  const refused = await taken;
  expect(refused instanceof HeldBack).toBe(away);
  if (!away) return;
  expect(refused.waitMs).toBeGreaterThan(ms - 1_000);
  // Those who come later are told at once.
  const from = performance.now();
  await expect(pace.take(never, false)).rejects.toBeInstanceOf(HeldBack);
  expect(performance.now() - from).toBeLessThan(1_000);
});

test('a vendor that asks for no wait at all is left alone for a second, not for ever', async () => {
  const [open] = await inMemory();
  const pace = paceAt(open, 10, 1_000);
  await pace.pause(0);
  const from = performance.now();
  await Promise.all([pace.take(never, false), pace.take(never, true)]);
  expect(performance.now() - from).toBeGreaterThan(900);
});

test.skipIf(inject('redisUrl') === undefined)(
  'a Redis that is gone is told as such, and no permit is given',
  async () => {
    const gone = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 1 });
    gone.on('error', () => undefined);
    closing.push(async () => gone.disconnect());
    const pace = paceAt(createRedisPermits(gone, 'gone'), 10, 1_000);
    const told = { code: 'KEYSWEEP_PACE_UNAVAILABLE' };
    await expect(pace.take(never, false)).rejects.toMatchObject(told);
    await expect(pace.pause(1_000)).rejects.toMatchObject(told);
  },
);
