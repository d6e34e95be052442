import { expect, test } from 'vitest';
import { nameObject } from '../../../src/evidence/manifest.ts';
import { readPolicies } from '../../../src/evidence/summary/read-policies.ts';
import { policy } from './a-summary.ts';

test('reads no policy that is longer than a file of keysweep: a hostile one would fill the memory', () => {
  const read = (spaces: number) => {
    const text = policy + '#'.padEnd(spaces);
    const hash = nameObject(policy);
    const sweeps = [{ n: 4, event: {} as never, subjects: { policy: hash } }];
    const { listed, byHash } = readPolicies(sweeps, new Map([[hash, text]]));
    return { isRead: listed.map(({ isRead }) => isRead), rules: byHash.get(hash)?.size };
  };
  const most = 1024 * 1024 - policy.length;
  expect(read(most)).toEqual({ isRead: [true], rules: 4 });
  expect(read(most + 1)).toEqual({ isRead: [false], rules: undefined });
});
