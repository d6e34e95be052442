import { createHash, hash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './canonical-json.ts';

/** What a finished batch found of one key. Ids are rows of the records. */
export interface PackedKey {
  readonly key: number;
  /** The vendor's id of the key. */
  readonly keyId: string;
  readonly entry: number;
  /** SHA-256 of the key's entry in the inventory. */
  readonly entryHash: Uint8Array;
  readonly observation: number | null;
  /** SHA-256 of the observation's content; null where the vendor did not answer. */
  readonly contentHash: Uint8Array | null;
  readonly verdict: number;
  /** Null only where somebody removed it from a row of an earlier build. */
  readonly observedAt: Date | null;
  readonly lastUsed: Date | null;
  /** As the records hold it; null where the key simply passes. */
  readonly judgement: JsonValue;
}

/** A finished batch. `sweep` is the sweep's id; `listHash` is over the names and entries of its keys. */
export interface Pack {
  readonly sweep: string;
  readonly batch: number;
  readonly source: string;
  readonly listHash: Uint8Array;
  /** In the order of their rows. */
  readonly keys: readonly PackedKey[];
}

const noContent = Buffer.alloc(32);

/** The canonical bytes of a pack, as text: docs/evidence-format.md says what is in them. */
export function encodePack({ sweep, batch, source, listHash, keys }: Pack): string {
  return canonicalJson({
    version: 1,
    ...{ sweep, batch, source },
    keys: keys.map(({ key }) => key),
    entries: keys.map(({ entry }) => entry),
    observations: keys.map(({ observation }) => observation),
    verdicts: keys.map(({ verdict }) => verdict),
    observedAt: keys.map(({ observedAt }) => observedAt?.getTime() ?? null),
    lastUsed: keys.map(({ lastUsed }) => lastUsed?.getTime() ?? null),
    judgements: keys.map(({ judgement }) => judgement),
    references: hashReferences(listHash, keys),
  });
}

/** The SHA-256 that stands for a pack in the manifest of its sweep. */
export function hashPack(pack: Pack): Buffer {
  return hash('sha256', encodePack(pack), 'buffer');
}

/** One hash over everything that the integers of a pack refer to, in the order of its keys. */
function hashReferences(listHash: Uint8Array, keys: readonly PackedKey[]): string {
  const hash = createHash('sha256').update(listHash);
  for (const { contentHash } of keys) hash.update(contentHash ?? noContent);
  return hash.digest('hex');
}
