import { expect, test } from 'vitest';
import { planReplacement } from '../../src/inventory/plan-replacement.ts';

test.each([
  { tracked: 10, kept: 10, decides: 'replace' },
  { tracked: 10, kept: 7, decides: 'replace' },
  { tracked: 10, kept: 6, decides: 'hold' },
  { tracked: 1_000, kept: 700, decides: 'replace' },
  { tracked: 1_000, kept: 699, decides: 'hold' },
  { tracked: 4, kept: 3, decides: 'replace' },
  { tracked: 3, kept: 3, decides: 'replace' },
  { tracked: 3, kept: 2, decides: 'hold' },
  { tracked: 2, kept: 1, decides: 'hold' },
])('of $tracked tracked keys, $kept listed: $decides', ({ decides, ...counted }) => {
  expect(planReplacement(counted)).toBe(decides);
});

test('holds an inventory that shares no key with the tracked ones', () => {
  expect(planReplacement({ tracked: 1, kept: 0 })).toBe('hold');
  expect(planReplacement({ tracked: 415, kept: 0 })).toBe('hold');
});

test('holds nothing while nothing is tracked', () => {
  expect(planReplacement({ tracked: 0, kept: 0 })).toBe('replace');
});
