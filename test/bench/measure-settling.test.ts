import { expect, test } from 'vitest';
import { measureSettling } from '../../bench/support/vendor/measure-settling.ts';

/** With 100 ms each: 100 keys a second. */
const places = 10;

/** Answers one every `everyMs`, each after `tookMs`. */
function answers(from: number, to: number, everyMs: number, tookMs = 100) {
  const count = Math.ceil((to - from) / everyMs);
  return Array.from({ length: count }, (_, n) => ({
    at: from + n * everyMs,
    tookMs,
    workedMs: 100,
  }));
}

test('counts from the first second in which nine tenths of the capacity are used', () => {
  const served = [...answers(0, 2_000, 20), ...answers(2_000, 10_000, 10)];
  const settling = measureSettling(served, { from: 0, to: 10_000 }, places);
  expect(settling.settledMs).toBeGreaterThan(1_700);
  expect(settling.settledMs).toBeLessThanOrEqual(2_000);
  expect(settling.share).toBeCloseTo(1, 1);
});

test('is not settled while the median request takes over three times the service', () => {
  const served = [...answers(0, 3_000, 10, 301), ...answers(3_000, 10_000, 10, 300)];
  const { settledMs, tookMs } = measureSettling(served, { from: 0, to: 10_000 }, places);
  expect(settledMs).toBeGreaterThanOrEqual(2_400);
  expect(settledMs).toBeLessThanOrEqual(2_600);
  expect(tookMs).toBe(300);
});

test('that never settles shows the use of the whole span', () => {
  const served = answers(0, 10_000, 20);
  const settling = measureSettling(served, { from: 0, to: 10_000 }, places);
  expect(settling.settledMs).toBeUndefined();
  expect(settling.share).toBeCloseTo(0.5, 2);
});
