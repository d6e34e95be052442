import { expect, test } from 'vitest';
import { migrations } from '../../../../src/record/store/migrations/index.ts';

/** The stores of users have these. A new name comes after them in the alphabet, not just in time. */
const kept = [
  '2026-11-23-first-tables',
  '2026-11-23-pending-in-batches',
  '2026-11-23-remember-history',
  '2026-11-23-tell-in-order',
  '2026-11-28-fields-of-unknowns',
  '2026-11-28-incidents-of-alerts',
  '2026-11-28-outages-of-outbox',
  '2026-11-28-stopped-sweeps',
  '2026-11-28-ticks-in-runs',
  '2026-11-28-unused-files',
  '2026-11-29-waits-of-sources',
];

test('migrations begin with those that stores have, in their order: a store refuses any other', () => {
  const names = Object.keys(migrations);
  expect(names.toSorted().slice(0, kept.length)).toEqual(kept);
  expect(names).toEqual(names.toSorted());
});
