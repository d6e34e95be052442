import { expect, test } from 'vitest';
import { percentile } from '../../bench/support/scaling/percentile.ts';

const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);

test('is the least value that the share does not exceed', () => {
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 0.991)).toBe(100);
  expect(percentile(hundred, 1)).toBe(100);
});

test('is one of the values, also of few', () => {
  expect(percentile([7], 0)).toBe(7);
  expect(percentile([2, 1], 0.5)).toBe(1);
  expect(percentile([2, 1], 0.51)).toBe(2);
});

test('is refused where there is no value', () => {
  expect(() => percentile([], 0.5)).toThrow('there is no value');
});
