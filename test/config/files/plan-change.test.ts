import { expect, test } from 'vitest';
import { planChange } from '../../../src/config/files/plan-change.ts';

test.each([
  { hash: 'b', wasRejected: false, change: 'use' },
  { hash: 'b', wasRejected: true, change: 'use' },
  { hash: 'a', wasRejected: false, change: 'same' },
  { hash: 'a', wasRejected: true, change: 'returned' },
  { hash: undefined, wasRejected: false, change: 'reject' },
  { hash: undefined, wasRejected: true, change: 'reject' },
])('$hash beside a, rejected before: $wasRejected: $change', ({ change, ...read }) => {
  expect(planChange({ ...read, inUse: 'a' })).toBe(change);
});
