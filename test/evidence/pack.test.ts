import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { encodePack, hashPack, type Pack } from '../../src/evidence/pack.ts';
import { parsePack } from '../../src/evidence/parse-pack.ts';

const [listHash, contentHash] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

/** What the hash of the pack does not stand for by itself: `listHash` does. */
const named = (keyId: string) => ({ keyId, entryHash: Buffer.alloc(32, 7) });

const pack: Pack = {
  sweep: '6f0d1a52-9d8c-4d0e-8a55-0d2f6a1b7c3e',
  batch: 3,
  source: 'prod',
  listHash,
  keys: [
    {
      ...named('key_1'),
      ...{ key: 601, entry: 7, observation: 40, contentHash, verdict: 1, judgement: null },
      observedAt: new Date('2026-11-29T02:30:00.250Z'),
      lastUsed: new Date('2026-11-28T23:59:59.999Z'),
    },
    {
      ...named('key_2'),
      ...{ key: 602, entry: 7, observation: null, contentHash: null, verdict: 4 },
      observedAt: new Date('2026-11-29T02:30:01Z'),
      lastUsed: null,
      judgement: { u: [[null, 'timeout', 'HTTP 504']] },
    },
  ],
};

test('the canonical bytes of a pack are those of docs/evidence-format.md', () => {
  const references = createHash('sha256')
    .update(Buffer.concat([listHash, contentHash, Buffer.alloc(32)]))
    .digest('hex');
  const text =
    '{"batch":3,"entries":[7,7],"judgements":[null,{"u":[[null,"timeout","HTTP 504"]]}],' +
    '"keys":[601,602],"lastUsed":[1795910399999,null],"observations":[40,null],' +
    `"observedAt":[1795919400250,1795919401000],"references":"${references}","source":"prod",` +
    '"sweep":"6f0d1a52-9d8c-4d0e-8a55-0d2f6a1b7c3e","verdicts":[1,4],"version":1}';
  expect(encodePack(pack)).toBe(text);
  expect(hashPack(pack)).toEqual(createHash('sha256').update(text).digest());
});

test('reads no pack with more of anything than the keys of a batch: millions would fill the memory', () => {
  const [key] = pack.keys;
  const packOf = (count: number) => {
    return encodePack({ ...pack, keys: Array.from({ length: count }, () => key!) });
  };
  expect(parsePack(packOf(1_000))?.keys).toHaveLength(1_000);
  expect(parsePack(packOf(1_001))).toBeUndefined();
});

const [first, second] = pack.keys;
if (first === undefined || second === undefined) throw new Error('no keys');
test.each<[string, Pack]>([
  ['the sweep', { ...pack, sweep: '6f0d1a52-9d8c-4d0e-8a55-0d2f6a1b7c3f' }],
  ['the batch', { ...pack, batch: 4 }],
  ['the source', { ...pack, source: 'test' }],
  ['the names and owners of keys', { ...pack, listHash: Buffer.alloc(32, 9) }],
  ['a key', { ...pack, keys: [{ ...first, key: 600 }, second] }],
  ['an entry', { ...pack, keys: [{ ...first, entry: 8 }, second] }],
  ['an observation', { ...pack, keys: [{ ...first, observation: 41 }, second] }],
  ['what the vendor said', { ...pack, keys: [{ ...first, contentHash: listHash }, second] }],
  ['a verdict', { ...pack, keys: [{ ...first, verdict: 2 }, second] }],
  ['an instant', { ...pack, keys: [{ ...first, observedAt: new Date(0) }, second] }],
  ['a last use', { ...pack, keys: [{ ...first, lastUsed: null }, second] }],
  ['a judgement', { ...pack, keys: [first, { ...second, judgement: null }] }],
  ['the order of keys', { ...pack, keys: [second, first] }],
  ['the number of keys', { ...pack, keys: [first] }],
])('another hash tells a change of %s', (_, changed) => {
  expect(hashPack(changed)).not.toEqual(hashPack(pack));
});
