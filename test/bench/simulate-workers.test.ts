import { describe, expect, test } from 'vitest';
import { simulatePermits } from '../../bench/support/scaling/simulate-permits.ts';
import { simulateWindow, type WindowPlan } from '../../bench/support/scaling/simulate-window.ts';

const plan: WindowPlan = {
  capacity: { places: 20, serviceMs: 50 },
  workers: 1,
  most: 100,
  wayMs: 2,
  lengthMs: 20_000,
  halvedAtMs: 10_000,
  seed: 1,
};

describe('simulated requests of `concurrency: auto`', () => {
  test('use all of the capacity, before and after it is halved, and never more', () => {
    const { part } = simulateWindow(plan);
    for (const { use } of [part(5_000, 10_000, 20), part(12_000, 20_000, 10)]) {
      expect(use).toBeGreaterThan(0.95);
      expect(use).toBeLessThan(1.03);
    }
  });

  test('are refused only by a vendor whose line is full', () => {
    expect(simulateWindow(plan).part(0, 20_000, 20).refused).toBe(0);
    const capacity = { ...plan.capacity, longestLine: 2 };
    expect(simulateWindow({ ...plan, capacity }).part(0, 20_000, 20).refused).toBeGreaterThan(0);
  });

  test('all wait after a 429 with Retry-After', () => {
    const capacity = { ...plan.capacity, longestLine: 2 };
    const use = (retryAfter: number | undefined) =>
      simulateWindow({ ...plan, capacity: { ...capacity, retryAfter } }).part(0, 10_000, 20).use;
    expect(use(1)).toBeLessThan(0.8 * use(undefined));
  });
});

describe('simulated permits', () => {
  const use = (workers: number) =>
    simulatePermits({
      ...{ perSecond: 200, workers, waiting: 200 },
      ...{ roundTripMs: 0.5, lengthMs: 2_000 },
    });

  test('are used to the limit by one worker and by many, and never above', async () => {
    for (const workers of [1, 5, 50]) {
      const { keysPerSecond } = await use(workers);
      expect(keysPerSecond).toBeGreaterThan(190);
      expect(keysPerSecond).toBeLessThanOrEqual(200);
    }
  });

  test('cost a worker alone less than a call a key', async () => {
    const { asksPerSecond, keysPerSecond } = await use(1);
    expect(asksPerSecond).toBeLessThan(keysPerSecond / 2);
  });
});
