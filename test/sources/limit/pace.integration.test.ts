import { setMaxListeners } from 'node:events';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { describe, expect, inject, test } from 'vitest';
import { HeldBack } from '../../../src/sources/errors.ts';
import { createPace } from '../../../src/sources/limit/create-pace.ts';
import type { OpenLimiter } from '../../../src/sources/limit/open-limiter.ts';
import { freshRedisPrefix } from '../../support/redis.ts';

const never = new AbortController().signal;

function sourceAt(requests: number, perMs: number) {
  return {
    id: 'vendor',
    type: 'flexcharge',
    baseUrl: 'http://127.0.0.1:1/v1',
    rateLimit: { requests, perMs },
    concurrency: 10,
    timeoutMs: 1_000,
    attempts: 5,
    usageLagMs: 0,
  } as const;
}

const inMemory: OpenLimiter = ({ keyPrefix, points, durationS }) =>
  new RateLimiterMemory({ keyPrefix, points, duration: durationS });

/** How many leaves a pace gives before it makes somebody wait. */
async function countLeaves(take: (signal: AbortSignal) => Promise<void>, most: number) {
  let given = 0;
  const giving = new AbortController();
  setMaxListeners(0, giving.signal);
  const all = Array.from({ length: most }, () =>
    take(giving.signal).then(
      () => {
        given += 1;
      },
      () => undefined,
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
  giving.abort(new Error('enough'));
  await Promise.all(all);
  return given;
}

describe('in one process', () => {
  test('gives four fifths of the limit to the night and keeps one for re-audits', async () => {
    const pace = createPace(sourceAt(10, 60_000), inMemory);
    expect(await countLeaves((signal) => pace.take(signal, false), 20)).toBe(8);
    expect(await countLeaves((signal) => pace.take(signal, true), 20)).toBe(2);
  });

  test('lets a re-audit use the night’s share too', async () => {
    const pace = createPace(sourceAt(10, 60_000), inMemory);
    expect(await countLeaves((signal) => pace.take(signal, true), 20)).toBe(10);
  });

  test('gives its one request to whoever comes', async () => {
    const pace = createPace(sourceAt(1, 60_000), inMemory);
    expect(await countLeaves((signal) => pace.take(signal, true), 3)).toBe(1);
    expect(await countLeaves((signal) => pace.take(signal, false), 3)).toBe(0);
  });

  test('gives nobody leave during a pause', async () => {
    const pace = createPace(sourceAt(100, 1_000), inMemory);
    await pace.pause(1_000);
    const started = performance.now();
    await Promise.all([pace.take(never, false), pace.take(never, true)]);
    expect(performance.now() - started).toBeGreaterThan(900);
  });
});

test.each([
  [60_000, 1_000, false],
  [61_000, 1_000, true],
  [119_000, 120_000, false],
  [121_000, 120_000, true],
])('a pause of %i ms under a window of %i ms sends callers away: %s', async (ms, perMs, away) => {
  const pace = createPace(sourceAt(100, perMs), inMemory);
  await pace.pause(ms);
  const giving = new AbortController();
  const taken = pace.take(giving.signal, false).catch((error) => error);
  if (!away) giving.abort(new Error('enough'));
  const refused = await taken;
  expect(refused instanceof HeldBack).toBe(away);
  if (away) expect(refused.waitMs).toBeGreaterThan(ms - 1_000);
});

describe.skipIf(inject('redisUrl') === undefined)('on Redis', () => {
  const url = inject('redisUrl') ?? '';

  test('two workers share one limit', async () => {
    const { prefix, drop } = freshRedisPrefix(url);
    const clients = [new Redis(url), new Redis(url)];
    const paces = clients.map((storeClient) =>
      createPace(
        sourceAt(100, 60_000),
        ({ keyPrefix, points, durationS }) =>
          new RateLimiterRedis({
            storeClient,
            keyPrefix: `${prefix}:${keyPrefix}`,
            points,
            duration: durationS,
          }),
      ),
    );
    const given = await Promise.all(
      paces.map((pace) => countLeaves((signal) => pace.take(signal, false), 100)),
    );
    expect((given[0] ?? 0) + (given[1] ?? 0)).toBe(80);
    for (const client of clients) client.disconnect();
    await drop();
  });

  test('a Redis that is gone is told as such, and no leave is given', async () => {
    const gone = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 1 });
    gone.on('error', () => undefined);
    const pace = createPace(
      sourceAt(10, 1_000),
      ({ keyPrefix, points, durationS }) =>
        new RateLimiterRedis({ storeClient: gone, keyPrefix, points, duration: durationS }),
    );
    const asking = pace.take(never, false);
    await expect(asking).rejects.toMatchObject({ code: 'KEYSWEEP_PACE_UNAVAILABLE' });
    gone.disconnect();
  });
});

test('a vendor that asks for no wait at all is left alone for a second, not for ever', async () => {
  const pace = createPace(sourceAt(10, 1_000), inMemory);
  await pace.pause(0);
  await pace.take(AbortSignal.timeout(5_000), false);
});
