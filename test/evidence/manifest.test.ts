import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/evidence/canonical-json.ts';
import {
  encodeInventory,
  encodeManifest,
  type Manifest,
  parseManifest,
} from '../../src/evidence/manifest.ts';

const hash = fc.constant('0a'.repeat(32));
const base64 = fc.constant(Buffer.alloc(32, 7).toString('base64'));
const batch = fc.record({
  // Not in the order of the bytes.
  ...{ source: fc.string({ unit: 'binary' }), pack: hash, list: hash },
  ...{ keysRoot: fc.option(base64), keys: fc.integer({ min: 1, max: 200 }), batch: fc.nat() },
});
const anyManifest: fc.Arbitrary<Omit<Manifest, 'version'>> = fc.record({
  ...{ sweep: fc.uuid(), seed: base64, batches: fc.array(batch) },
});

test('whatever a sweep consists of, the bytes of both objects are canonical JSON', () => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      const bytes = encodeManifest(manifest);
      expect(bytes).toBe(canonicalJson({ ...manifest, version: 1 }));
      expect(parseManifest(bytes)).toEqual({ ...manifest, version: 1 });
      const lists = manifest.batches.map(({ source, list }) => [source, list]);
      expect(encodeInventory(manifest.batches)).toBe(canonicalJson({ version: 1, lists }));
    }),
  );
});
