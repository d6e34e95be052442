import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeOnlyPack } from './only-pack.ts';
import { provesOneKey } from './only-suite.ts';
import { nights, periodOf, verify, verifyHere } from './scenes.ts';

describe('a pack of one key', () => provesOneKey(verifyHere));

test('one changed byte of a proof is never accepted', { timeout: 60_000 }, async () => {
  const whole = makeOnlyPack(nights(2), 'k3', periodOf(2));
  const paths = [...whole.keys()].filter((path) => /^(proofs|objects)/.test(path));
  expect(paths).toHaveLength(5);
  const change = fc.constantFrom(...paths).chain((path) =>
    fc.record({
      path: fc.constant(path),
      at: fc.nat({ max: whole.get(path)!.length - 1 }),
      flip: fc.integer({ min: 1, max: 255 }),
    }),
  );
  const neverHolds = fc.asyncProperty(change, async ({ path, at, flip }) => {
    const bytes = Buffer.from(whole.get(path)!);
    bytes[at] = bytes[at]! ^ flip;
    return (await verify(new Map([...whole, [path, bytes]]))).verdict === 'tampered';
  });
  await fc.assert(neverHolds, { numRuns: 150 });
});
