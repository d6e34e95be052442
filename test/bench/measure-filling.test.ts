import { expect, test } from 'vitest';
import { measureFilling } from '../../bench/support/vendor/measure-filling.ts';

test('tells how long a sweep takes to its first request, and how full its places were', () => {
  // Two places; each request takes 100 ms, and the next one arrives 10 ms after an answer.
  const arrivedMs = [50, 50, 160, 160, 270, 270];
  const journal = { arrivedMs, answeredMs: arrivedMs.map((at) => at + 100), originMs: 1_000 };
  expect(measureFilling(journal, { from: 1_000, to: 1_400 })).toEqual({
    openingMs: 50,
    inFlight: 400 / 220,
    tookMs: 100,
    lastMs: 100,
    closingMs: 30,
  });
});
