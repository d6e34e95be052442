import { expect, test } from 'vitest';
import { z } from 'zod';
import { listOf } from '../../src/evidence/list-of.ts';

test('looks at no item after the first wrong one, and keeps one mistake', () => {
  const seen: unknown[] = [];
  const item = z.custom<number>((one) => seen.push(one) === 1);
  expect(listOf(item).safeParse([1, 2, 3, 4]).error?.issues).toHaveLength(1);
  expect(seen).toEqual([1, 2]);
});

test.each([[[]], [['a', 'b']]])('takes %j for a list of texts', (list) => {
  expect(listOf(z.string()).parse(list)).toEqual(list);
});

test.each([[null], ['a'], [{ length: 0 }], [['a', 1]]])('takes %j for none', (other) => {
  expect(listOf(z.string()).safeParse(other).success).toBe(false);
});
