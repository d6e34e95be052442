import { encodeKeyEntry, type KeysOfBatch } from '../keys-root.ts';
import { hashLeaf, proveInclusion, rootOf, verifyInclusion } from '../log/merkle.ts';

type Key = KeysOfBatch['keys'][number];

/** What a key may have been before somebody changed it. */
export type KeyVariant = Partial<
  Pick<Key, 'verdict' | 'lastUsed' | 'observedAt' | 'judgement' | 'contentHash' | 'entryHash'>
>;

/** A key of a batch that was changed, and what it was. */
export interface ChangedKey {
  readonly index: number;
  readonly before: KeyVariant;
}

interface ChangedBatch extends KeysOfBatch {
  readonly seed: Uint8Array;
  /** The root that the batch had. */
  readonly root: Uint8Array;
}

/** More tries than this take too long. */
const mostTries = 400_000;

/**
 * The keys that somebody changed in a batch of which only the root is known: tries what each key may
 * have been, one key at a time, and last all verdicts that do not follow from their judgements. Empty
 * if none of it gives the root.
 */
export function findChangedKeys(
  batch: ChangedBatch,
  variantsOf: (key: Key, index: number) => Iterable<KeyVariant>,
): readonly ChangedKey[] {
  const { keys, root } = batch;
  const hashOf = (key: Key) => hashLeaf(Buffer.from(encodeKeyEntry(batch.seed, batch.source, key)));
  const hashes = keys.map(hashOf);
  const size = keys.length;
  let tries = 0;
  for (const [index, key] of keys.entries()) {
    const path = proveInclusion(index, hashes);
    for (const before of variantsOf(key, index)) {
      tries += 1;
      if (tries > mostTries) return [];
      const leafHash = hashOf({ ...key, ...before });
      if (verifyInclusion({ index, size, leafHash, path, root })) return [{ index, before }];
    }
  }
  const restored = keys.map((key) => ({ ...key, verdict: verdictOfJudgement(key.judgement) }));
  if (!rootOf(restored.map(hashOf)).equals(Buffer.from(root))) return [];
  return restored.flatMap(({ verdict }, index) =>
    verdict === keys[index]?.verdict ? [] : [{ index, before: { verdict } }],
  );
}

/** The verdict that follows from a judgement, as a pack has both. */
function verdictOfJudgement(judgement: Key['judgement']): number {
  const { v = [], u = [] } = (judgement ?? {}) as {
    readonly v?: readonly (readonly unknown[])[];
    readonly u?: readonly unknown[];
  };
  if (v.some((violation) => violation[2] === null)) return 2;
  if (u.length > 0) return 4;
  return v.length > 0 ? 3 : 1;
}
