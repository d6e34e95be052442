import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  encodeLeaf,
  type Leaf,
  LeafUnreadable,
  mostLeafBytes,
  parseLeaf,
} from '../../../src/evidence/leaves/leaf.ts';

const at = '2026-12-07T02:31:07.250Z';
const policy = 'a'.repeat(64);
const removed: Leaf = {
  event: { event: 'schedule-removed', at, schedule: 'nightly' },
  subjects: {},
};
const set: Leaf = { event: { event: 'policy-set', at, version: '2026-12' }, subjects: { policy } };

test('a leaf that refers to no object refers to its own predicate', () => {
  const predicate = `{"at":"${at}","event":"schedule-removed","schedule":"nightly"}`;
  const own = createHash('sha256').update(predicate).digest('hex');
  expect(encodeLeaf(removed)).toBe(
    `{"_type":"https://in-toto.io/Statement/v1","predicate":${predicate},` +
      `"predicateType":"https://keysweep.dev/event/v1",` +
      `"subject":[{"digest":{"sha256":"${own}"},"name":"predicate"}]}`,
  );
});

test.each([removed, set])('what was written is read as it was: $event.event', (leaf) => {
  expect(parseLeaf(encodeLeaf(leaf))).toEqual(leaf);
});

const text = encodeLeaf(set);
test.each([
  ['no JSON', '{', 'it is no JSON'],
  ['a space', text.replace('","', '", "'), 'canonical form'],
  ['another order', text.replace(/^\{("_type":"[^"]+"),(.*)\}$/, '{$2,$1}'), 'canonical form'],
  ['an unknown member', text.replace('"event":', '"else":1,"event":'), 'Unrecognized key'],
  ['an unknown event', text.replace('policy-set', 'policy-gone'), 'predicate'],
  ['a day that does not exist', text.replace('12-07', '02-30'), 'predicate.at'],
  ['an instant without milliseconds', text.replace('.250Z', 'Z'), 'predicate.at'],
  ['a hash in capitals', text.replace(policy, policy.toUpperCase()), 'subject'],
  ['no subject', text.replace(/"subject":\[.*\]/, '"subject":[]'), 'subject'],
  ['a subject twice', text.replace(/(\[)(\{"digest".*\})(\])/, '[$2,$2]'), 'canonical form'],
  ['the type of another event', text.replace('/event/v1', '/sweep/v1'), 'canonical form'],
])('%s is refused', (_, changed, why) => {
  expect(changed).not.toBe(text);
  expect(() => parseLeaf(changed)).toThrow(LeafUnreadable);
  expect(() => parseLeaf(changed)).toThrow(why);
});

test('a leaf is at most as long as a tile can hold', () => {
  const longest = mostLeafBytes - Buffer.byteLength(encodeLeaf(named('')));
  expect(Buffer.byteLength(encodeLeaf(named('x'.repeat(longest))))).toBe(mostLeafBytes);
  expect(() => encodeLeaf(named('x'.repeat(longest + 1)))).toThrow('longer than 65535');
});

function named(version: string): Leaf {
  return { event: { event: 'policy-set', at, version }, subjects: { policy } };
}
