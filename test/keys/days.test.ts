import { describe, expect, test } from 'vitest';
import { dayMs, daysAgainst, wholeDays } from '../../src/keys/days.ts';

describe('days', () => {
  test('round down', () => {
    expect(wholeDays(2 * dayMs - 1)).toBe(1);
    expect(wholeDays(2 * dayMs)).toBe(2);
  });

  test('are whole against whole days, and have decimals against parts', () => {
    expect(daysAgainst(61.9 * dayMs, 45 * dayMs)).toEqual({ days: 61, allowedDays: 45 });
    expect(daysAgainst(0.75 * dayMs, 0.5 * dayMs)).toEqual({ days: 0.75, allowedDays: 0.5 });
  });
});
