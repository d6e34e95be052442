import { describe, expect, test } from 'vitest';
import { planPatience } from '../../src/sources/plan-patience.ts';

const waits = (patient: boolean) =>
  [1, 2, 3, 4, 5].map((attempts) => planPatience({ patient, attempts, askedMs: 0 }) / 1_000);

describe('the wait before a batch asks again', () => {
  test('is short where a person waits, or the schedule is soon due again', () => {
    expect(waits(false)).toEqual([1, 2, 4, 8, 8]);
  });

  test('gives an outage at night time to pass', () => {
    expect(waits(true)).toEqual([5, 30, 120, 300, 300]);
  });

  test('is as long as the vendor asked for, where that is longer', () => {
    expect(planPatience({ patient: false, attempts: 1, askedMs: 1_001 })).toBe(1_001);
    expect(planPatience({ patient: false, attempts: 2, askedMs: 1_999 })).toBe(2_000);
  });

  test('is a second at least, also when no attempt was used up', () => {
    expect(planPatience({ patient: true, attempts: 0, askedMs: 0 })).toBe(1_000);
  });
});
