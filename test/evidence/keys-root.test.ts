import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import { batchRoot, encodeKeyEntry, sweepRoot } from '../../src/evidence/keys-root.ts';
import {
  hashLeaf,
  proveInclusion,
  rootOf,
  verifyInclusion,
} from '../../src/evidence/log/merkle.ts';
import type { PackedKey } from '../../src/evidence/pack.ts';

const seed = Buffer.alloc(32, 5);
const aKey = (keyId: string): PackedKey => ({
  ...{ key: 1, keyId, entry: 1, entryHash: Buffer.alloc(32, 1), observation: 1, verdict: 2 },
  contentHash: Buffer.alloc(32, 2),
  observedAt: new Date('2026-12-07T02:30:00.250Z'),
  lastUsed: null,
  judgement: { v: [['stale', { idleDays: 61 }, null]] },
});

test('the bytes of a key are those of docs/evidence-format.md', () => {
  const mac = createHmac('sha256', seed).update('["prod","key_1"]').digest();
  expect(encodeKeyEntry(seed, 'prod', aKey('key_1'))).toBe(
    `{"content":"${'02'.repeat(32)}","entry":"${'01'.repeat(32)}",` +
      '"judgement":{"v":[["stale",{"idleDays":61},null]]},"keyId":"key_1","lastUsed":null,' +
      `"observedAt":1796610600250,"salt":"${mac.subarray(0, 16).toString('base64')}",` +
      '"source":"prod","verdict":2}',
  );
});

test('whatever a key holds, its bytes are canonical JSON', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const instant = fc.option(fc.date({ noInvalidDate: true }));
  const anyKey = fc.record({
    ...{ keyId: fc.string({ unit: 'binary' }), verdict: fc.integer({ min: 1, max: 4 }) },
    ...{ entryHash: bytes, contentHash: fc.option(bytes), observedAt: instant, lastUsed: instant },
    judgement: fc.jsonValue() as fc.Arbitrary<PackedKey['judgement']>,
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), anyKey, (source, key) => {
      const text = encodeKeyEntry(seed, source, key);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toMatchObject({ source, keyId: key.keyId, verdict: key.verdict });
    }),
  );
});

test('a key is proved by the path in its batch and that of its batch in the sweep', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      fc.nat(),
      fc.nat(),
      (sizes, someBatch, someKey) => {
        const batches = sizes.map((size, batch) =>
          Array.from({ length: size }, (_, n) => aKey(`key_${batch}_${n}`)),
        );
        const at = someBatch % batches.length;
        const keys = batches[at] ?? [];
        const index = someKey % keys.length;
        const roots = batches.map((some) => batchRoot(seed, { source: 'prod', keys: some }));
        const entries = keys.map((key) => hashLeaf(Buffer.from(encodeKeyEntry(seed, 'prod', key))));
        const inBatch = {
          ...{ index, size: keys.length, path: proveInclusion(index, entries) },
          ...{ leafHash: entries[index] ?? seed, root: roots[at] ?? seed },
        };
        const leaves = roots.map((root) => hashLeaf(root));
        const inSweep = {
          ...{ index: at, size: roots.length, path: proveInclusion(at, leaves) },
          ...{ leafHash: leaves[at] ?? seed, root: sweepRoot(roots) },
        };
        expect([verifyInclusion(inBatch), verifyInclusion(inSweep)]).toEqual([true, true]);
        const other = { ...inBatch, leafHash: hashLeaf(Buffer.from('another')) };
        expect(verifyInclusion(other)).toBe(false);
      },
    ),
  );
});

test('a sweep without keys has the root of the empty tree', () => {
  expect(sweepRoot([])).toEqual(rootOf([]));
});
