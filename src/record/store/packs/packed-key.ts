import type { Judgement } from '../../../evaluate/judgement.ts';
import type { PackedKey } from '../../../evidence/pack.ts';
import type { Observation } from '../../../keys/observation.ts';
import { verdictCode } from '../codes.ts';
import { storeJudgement } from '../stored-judgement.ts';

/** The row and the SHA-256 of what the vendor said of a key. */
export interface KeptContent {
  readonly id: number;
  readonly hash: Uint8Array;
}

/** A judged key by its rows. */
interface JudgedRow {
  readonly row: number;
  readonly keyId: string;
  readonly entry: number;
  readonly entryHash: Uint8Array;
  readonly observation: Observation;
  readonly judgement: Judgement;
}

/** The key as a pack holds it. `content` is undefined where the vendor said nothing. */
export function toPackedKey(key: JudgedRow, content: KeptContent | undefined): PackedKey {
  const { row, keyId, entry, entryHash, observation, judgement } = key;
  const stored = storeJudgement(judgement);
  return {
    ...{ key: row, keyId, entry, entryHash },
    ...{ observation: content?.id ?? null, contentHash: content?.hash ?? null },
    verdict: verdictCode(judgement.verdict),
    observedAt: observation.at,
    lastUsed: lastUsedOf(observation),
    // As the database gives it back: members that are undefined are gone.
    judgement: stored === null ? null : JSON.parse(JSON.stringify(stored)),
  };
}

/** Null for an instant that no calendar has. */
export function lastUsedOf(observation: Observation): Date | null {
  if (observation.kind !== 'present') return null;
  const { lastUsed } = observation.details;
  return lastUsed === undefined || lastUsed === null || Number.isNaN(lastUsed.getTime())
    ? null
    : lastUsed;
}
