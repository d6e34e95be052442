import fc from 'fast-check';
import { describe, test } from 'vitest';
import type { Quorum } from '../../../src/evidence/log/log-policy.ts';
import { PackUnreadable } from '../../../src/evidence/pack-files/pack-reader.ts';
import type { Trust } from '../../../src/evidence/verify/trust.ts';
import { Installation, keyOf } from './installation.ts';
import { afterNight, nightAt, packOf, start, trust, verify } from './scenes.ts';

const witness = keyOf('witness', 4);
const quorum: Quorum = {
  kind: 'witness',
  witness: { name: 'witness', key: witness.verifier, url: null },
};
const witnessed: Trust = { ...trust, witnesses: [witness.verifier], quorum };

const home = new Installation({ witnesses: [witness] }).begin(start);
for (let index = 0; index < 2; index += 1) {
  home.sweep({ dueAt: nightAt(index) });
  home.sign(afterNight(index, 610_000));
}
const whole = packOf(home, 2);
const paths = [...whole.keys()].sort();

const change = fc.constantFrom(...paths).chain((path) =>
  fc.record({
    path: fc.constant(path),
    at: fc.nat({ max: whole.get(path)!.length - 1 }),
    flip: fc.integer({ min: 1, max: 255 }),
    asked: fc.constantFrom(trust, witnessed),
  }),
);

/** Changes one byte, and expects that the pack holds no more. */
const neverHolds = fc.asyncProperty(change, async ({ path, at, flip, asked }) => {
  const files = new Map(whole);
  const bytes = Buffer.from(whole.get(path)!);
  bytes[at] = bytes[at]! ^ flip;
  files.set(path, bytes);
  try {
    return (await verify(files, { trust: asked })).verdict !== 'holds';
  } catch (error) {
    if (error instanceof PackUnreadable) return true;
    throw error;
  }
});

test('one changed byte is never accepted', { timeout: 60_000 }, async () => {
  await fc.assert(neverHolds, { numRuns: 200 });
});

// `npm test` tries 200 others each time.
describe('at length', { tags: ['long'] }, () => {
  test('one changed byte is never accepted, 2,000 times', { timeout: 300_000 }, async () => {
    await fc.assert(neverHolds, { numRuns: 2_000 });
  });
});
