import { describe, expect, test } from 'vitest';
import { type FailedDelivery, planRedelivery } from '../../../src/alert/plan/plan-redelivery.ts';

const dayMs = 86_400_000;
const delay = (difference: Partial<FailedDelivery>) => {
  const plan = planRedelivery({ attempts: 1, sinceFirstMs: 0, random: 0, ...difference });
  return plan.kind === 'retry' ? plan.delayMs : plan.kind;
};

test('waits 1, 5, 15, 30 and 60 seconds, then longer', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 30].map(
    (attempts) => Number(delay({ attempts })) / 1_000,
  );
  expect(seconds).toEqual([1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 7_200, 7_200, 7_200]);
});

test('adds up to a tenth to each wait, and never shortens it', () => {
  expect(delay({ attempts: 5, random: 0.5 })).toBe(63_000);
  expect(delay({ attempts: 5, random: 0.999_999 })).toBe(66_000);
});

describe('the day', () => {
  test('ends with a last attempt, after which the alert is given up', () => {
    expect(delay({ attempts: 20, sinceFirstMs: dayMs - 1_000 })).toBe(1_000);
    expect(delay({ attempts: 20, sinceFirstMs: dayMs - 1 })).toBe(1);
    expect(delay({ attempts: 20, sinceFirstMs: dayMs })).toBe('give-up');
  });

  test('has fewer than 25 attempts', () => {
    let [attempts, sinceFirstMs] = [1, 0];
    for (; attempts < 25; attempts += 1) {
      const next = delay({ attempts, sinceFirstMs });
      if (typeof next === 'string') break;
      sinceFirstMs += next;
    }
    expect(sinceFirstMs).toBe(dayMs);
    expect(attempts).toBeLessThan(25);
  });
});

describe('Retry-After', () => {
  test('is used when it is longer than our own wait', () => {
    expect(delay({ attempts: 1, retryAfterMs: 90_000 })).toBe(90_000);
    expect(delay({ attempts: 5, retryAfterMs: 2_000 })).toBe(60_000);
  });

  test('does not go beyond the day', () => {
    expect(delay({ attempts: 1, sinceFirstMs: 1_000, retryAfterMs: 2 * dayMs })).toBe(
      dayMs - 1_000,
    );
  });
});
