import { z } from 'zod';
import { canonicalJson, type JsonValue } from '../canonical-json.ts';
import { hashLeaf, rootFromProof } from '../log/merkle.ts';

const hash = z.string().regex(/^[A-Za-z0-9+/]{43}=$/);
const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const proof = z.strictObject({
  version: z.literal(1),
  leaf: count,
  /** The entry of the key in the tree of its batch; see `encodeKeyEntry`. */
  entry: z.strictObject({
    source: z.string(),
    keyId: z.string(),
    verdict: z.int().min(1).max(4),
    observedAt: z.int().nullable(),
    lastUsed: z.int().nullable(),
    judgement: z.json(),
    content: sha256.nullable(),
    entry: sha256,
    salt: z.string().regex(/^[A-Za-z0-9+/]{22}==$/),
  }),
  /** The place of the key in its batch, and the number of keys there. */
  index: count,
  size: count,
  path: z.array(hash),
  batchIndex: count,
  batchSize: count,
  batchPath: z.array(hash),
  /** What the vendor said; null where it did not answer. */
  content: z.string().nullable(),
  inventoryEntry: z.string(),
});

/** The proof of one key in a sweep, as `proofs/` of a pack has it. Hashes are in base64. */
export type KeyProof = z.infer<typeof proof>;

/** The canonical bytes of a proof, as text. */
export function encodeKeyProof(said: Omit<KeyProof, 'version'>): string {
  return canonicalJson({ version: 1, ...said });
}

/** Undefined unless `encodeKeyProof` can have written it. */
export function parseKeyProof(text: string): KeyProof | undefined {
  const read = proof.safeParse(JSON.parse(text));
  return read.success && encodeKeyProof(read.data) === text ? read.data : undefined;
}

/** The root over the keys of a sweep, in base64, to which a proof leads; undefined if it leads to none. */
export function rootOfKeyProof(said: KeyProof): string | undefined {
  const { entry, index, size, path, batchIndex, batchSize, batchPath } = said;
  const leafHash = hashLeaf(Buffer.from(canonicalJson(entry as JsonValue)));
  const ofBatch = rootFromProof({ index, size, leafHash, path: path.map(fromBase64) });
  const whole =
    ofBatch &&
    rootFromProof({
      ...{ index: batchIndex, size: batchSize, leafHash: hashLeaf(ofBatch) },
      path: batchPath.map(fromBase64),
    });
  return whole && Buffer.from(whole).toString('base64');
}

function fromBase64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
