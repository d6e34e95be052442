import { expect, test } from 'vitest';
import { planSpacing } from '../../../src/sources/limit/plan-spacing.ts';

test.each([
  [1, 1_000],
  [10, 1_000],
  [19, 1_000],
  [20, 1_000],
  [39, 1_000],
  [200, 1_000],
  [100_000, 1_000],
  [1_000, 60_000],
  [1, 86_400_000],
])(
  '%i in %i ms: no window sees over 1.05 times as many, though permits are used late',
  (requests, perMs) => {
    const { intervalMs, lateMs } = planSpacing({ requests, perMs });
    const most = Math.floor(requests * 1.05);
    expect(lateMs).toBeGreaterThan(0);
    // The first of one more is used as late as it may be, the last as early as it may be.
    expect(most * intervalMs - lateMs).toBeGreaterThan(perMs);
    // And the limit is used, but for a part of 3 in 100.
    expect((requests * intervalMs) / perMs).toBeLessThan(1.03);
  },
);
