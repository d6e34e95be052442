import { expect, test } from 'vitest';
import { planRetry } from '../../src/queue/plan-retry.ts';

test('waits twice as long each time, up to a minute', () => {
  const waits = [1, 2, 3, 6, 7, 8, 1_000].map((attempt) => planRetry(attempt, {}));
  expect(waits).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
});

test('heeds what the error advises, in whole milliseconds and never less than none', () => {
  expect(planRetry(1, { retryInMs: 90_000.4 })).toBe(90_000);
  expect(planRetry(5, { retryInMs: 0 })).toBe(0);
  expect(planRetry(5, { retryInMs: -3 })).toBe(0);
});
