import { describe, expect, test } from 'vitest';
import { orderBatches } from '../../bench/support/scaling/order-batches.ts';
import { type Scenario, tenMillion } from '../../bench/support/scaling/scenario.ts';
import { simulateSweep } from '../../bench/support/scaling/simulate-sweep.ts';
import { planSpacing } from '../../src/sources/limit/plan-spacing.ts';

const keys = 20_000;
/** What permits are slower than the limit, so that no window has too many. */
const slower = planSpacing({ requests: 100, perMs: 1_000 }).intervalMs / 10;

/** Two alike sources, ten workers, so much capacity that nothing else decides. */
const ordinary: Scenario = {
  ...tenMillion,
  sources: [1, 2].map(() => ({ keys, perSecond: 100, latencyMs: 50 })),
  workers: 10,
  concurrency: 50,
};

const seconds = (difference: Partial<Scenario>) =>
  simulateSweep({ ...ordinary, ...difference }).runMs / 1_000;

describe('a sweep takes', () => {
  test('the time of all limits together where one source follows the other', () => {
    const limited = (2 * keys * slower) / 100;
    // With few places, for the last batches of one source wait while the other has begun.
    const took = seconds({ order: 'by source', workers: 1 });
    expect(took).toBeGreaterThan(0.96 * limited);
    expect(took).toBeLessThan(1.05 * limited);
  });

  test.each(['in proportion', 'a queue a source'] as const)(
    'the time of one limit where both are asked at once: %s',
    (order) => {
      const limited = (keys * slower) / 100;
      expect(seconds({ order })).toBeGreaterThan(0.99 * limited);
      expect(seconds({ order })).toBeLessThan(1.05 * limited);
    },
  );

  test('the time of the requests under way where there is no limit', () => {
    const sources = [{ keys: 100_000, perSecond: Number.POSITIVE_INFINITY, latencyMs: 100 }];
    const difference = { sources, concurrency: 11, places: 10, roundTripMs: 0 };
    // 10 workers with 10 requests of 100 ms each, for one slot of 11 is kept for re-audits.
    expect(seconds(difference)).toBeGreaterThan(100);
    expect(seconds(difference)).toBeLessThan(108);
  });

  test('the time of the processors where they are shared and answers come at once', () => {
    const sources = [{ keys: 100_000, perSecond: Number.POSITIVE_INFINITY, latencyMs: 0 }];
    const shared = { sources, workers: 1, places: 3, concurrency: 50, roundTripMs: 0 };
    const one = seconds({ ...shared, sharedCores: 1 });
    const two = seconds({ ...shared, sharedCores: 2 });
    expect(two).toBeGreaterThan(0.5 * one);
    expect(two).toBeLessThan(0.7 * one);
  });
});

test('is the same for the same seed, and another for another', () => {
  expect(seconds({ seed: 1 })).toBe(seconds({ seed: 1 }));
  expect(seconds({ seed: 2 })).not.toBe(seconds({ seed: 1 }));
});

test('names a limit as used up where it decides, and hardly anything else', () => {
  const { use } = simulateSweep({ ...ordinary, order: 'a queue a source' });
  expect(use['limit of a source']).toBeGreaterThan(0.98);
  expect(use['PostgreSQL, processors']).toBeLessThan(0.1);
});

describe('the queue of a sweep', () => {
  const sources = [
    { keys: 400, perSecond: 1, latencyMs: 1 },
    { keys: 100, perSecond: 1, latencyMs: 1 },
  ];
  const taken = (order: Scenario['order']) => {
    const take = orderBatches(sources, 100, order);
    return Array.from({ length: 5 }, () => take([0, 0])?.source);
  };

  test('has each key once, and the rest of a source in a smaller batch', () => {
    const take = orderBatches([{ keys: 450, perSecond: 1, latencyMs: 1 }], 200, 'by source');
    expect([take([0]), take([0]), take([0]), take([0])].map((batch) => batch?.keys)).toEqual([
      200,
      200,
      50,
      undefined,
    ]);
  });

  test('has one source after the other, or all in turns, or all to their end together', () => {
    expect(taken('by source')).toEqual([0, 0, 0, 0, 1]);
    expect(taken('in turns')).toEqual([0, 1, 0, 0, 0]);
    expect(taken('in proportion')).toEqual([0, 0, 1, 0, 0]);
  });

  test('gives the source that has the fewest in work', () => {
    const take = orderBatches(sources, 100, 'a queue a source');
    expect(take([1, 0])?.source).toBe(1);
    expect(take([1, 0])?.source).toBe(0);
  });
});
