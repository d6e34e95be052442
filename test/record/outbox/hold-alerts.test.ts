import { expect, test } from 'vitest';
import { usualTimings } from '../../../src/queue/start-workers.ts';
import { startAlertHolds } from '../../../src/record/outbox/hold-alerts.ts';
import type { Database } from '../../../src/record/store/database.ts';

test.each([
  ['postgres', 60_000],
  // It cannot be cut off from its sender.
  ['embedded', 30_000],
] as const)('what a sender has under way is its own for %s: %i ms', (kind, leaseMs) => {
  const holds = startAlertHolds({ kind } as Database, usualTimings.lockMs, {
    warn: () => undefined,
  });
  holds.stop();
  expect(holds.leaseMs).toBe(leaseMs);
});
