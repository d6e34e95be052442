import { expect, test } from 'vitest';
import { createSharer } from '../../../src/record/outbox/share-values.ts';

test('gives the first of equal values', () => {
  const share = createSharer();
  const first = ['charges:read'];
  expect(share(first)).toBe(first);
  expect(share(['charges:read'])).toBe(first);
  expect(share({ idleDays: 61 })).toBe(share({ idleDays: 61 }));
});

test('mistakes no value for another one', () => {
  const share = createSharer();
  const values = ['a', ['a'], null, 'null', '["a"]', [], {}, { a: 1 }, { a: '1' }, ''];
  for (const value of [...values, ...values]) expect(share(value)).toEqual(value);
});

test('forgets when it knows many, and goes on', () => {
  const share = createSharer();
  const first = ['0'];
  share(first);
  for (let n = 1; n <= 10_000; n += 1) share([String(n)]);
  expect(share(['0'])).not.toBe(first);
  expect(share(['0'])).toEqual(['0']);
});
