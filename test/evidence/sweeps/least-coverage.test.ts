import { expect, test } from 'vitest';
import { parseLeaf } from '../../../src/evidence/leaves/leaf.ts';
import { findLeastCoverage } from '../../../src/evidence/sweeps/least-coverage.ts';
import { Installation, type SweptKey } from '../verify/installation.ts';
import { nightAt, start } from '../verify/scenes.ts';

/** Full sweeps in which so many of so many keys were audited. */
function sweepsOf(...coverages: readonly (readonly [audited: number, tracked: number])[]) {
  const home = new Installation().begin(start);
  return coverages.map(([audited, tracked], night) => {
    const keys = Array.from({ length: tracked }, (_, n): SweptKey => {
      return { keyId: `k${n}`, verdict: n < audited ? 1 : 4 };
    });
    const n = home.sweep({ dueAt: nightAt(night), keys });
    const { event, subjects } = parseLeaf(home.leaves[n]!.toString());
    if (event.event !== 'sweep-closed') throw new Error('it closes no sweep');
    return { n, event, subjects };
  });
}

test.each([
  ['of one sweep', [[1, 2]], [1, 2]],
  [
    'is the smallest part, not the smallest number',
    [
      [2, 3],
      [3, 6],
      [1, 1],
    ],
    [3, 6],
  ],
  [
    'is that of the first of equal ones',
    [
      [1, 2],
      [2, 4],
    ],
    [1, 2],
  ],
  [
    'is not that of a sweep without keys before others',
    [
      [0, 0],
      [1, 2],
    ],
    [1, 2],
  ],
  [
    'nor of one after them',
    [
      [2, 2],
      [0, 0],
      [3, 3],
    ],
    [2, 2],
  ],
] as const)('the least coverage %s', (_what, coverages, [audited, tracked]) => {
  expect(findLeastCoverage(sweepsOf(...coverages))).toMatchObject({ audited, tracked });
});
