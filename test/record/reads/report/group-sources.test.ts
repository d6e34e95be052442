import { expect, test } from 'vitest';
import { groupSources } from '../../../../src/record/reads/report/group-sources.ts';

const groups = (sizes: Readonly<Record<string, number>>) =>
  groupSources(Object.entries(sizes).map(([source, batches]) => ({ source, batches })));

test('lists small sources together and a large one alone, in their order', () => {
  expect(groups({})).toEqual([]);
  expect(groups({ a: 1, b: 2 })).toEqual([['a', 'b']]);
  expect(groups({ a: 1, b: 500, c: 1, d: 1 })).toEqual([['a'], ['b'], ['c', 'd']]);
});

test('a group has no more than fifty batches', () => {
  expect(groups({ a: 49, b: 1 })).toEqual([['a', 'b']]);
  expect(groups({ a: 49, b: 2 })).toEqual([['a'], ['b']]);
  expect(groups({ a: 50, b: 1 })).toEqual([['a'], ['b']]);
  const many = groups(Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`s${n}`, 1])));
  expect(many.map(({ length }) => length)).toEqual([50, 50, 20]);
});
