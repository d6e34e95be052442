import { expect, test } from 'vitest';
import { isComplete, toCoverage } from '../../src/keys/coverage.ts';

test('audited keys are those whose verdict is not unknown, in part or whole', () => {
  expect(toCoverage({ tracked: 415, unknown: 3, partial: 2 })).toEqual({
    tracked: 415,
    audited: 412,
    unknown: 3,
    partial: 2,
  });
});

test('coverage is complete when no key and no rule is unknown', () => {
  expect(isComplete({ unknown: 0, partial: 0 })).toBe(true);
  expect(isComplete({ unknown: 1, partial: 0 })).toBe(false);
  expect(isComplete({ unknown: 0, partial: 1 })).toBe(false);
});
