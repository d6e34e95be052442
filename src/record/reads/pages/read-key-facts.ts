import { sql } from 'kysely';
import type { Verdict } from '../../../evaluate/judgement.ts';
import { type KeyDetails, noDetails } from '../../../keys/detail-fields.ts';
import { verdictWordInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';

/** What is known of a key now. `row`: its row, for further reads. */
export interface KeyFacts {
  readonly row: number;
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
  readonly trackedAt: Date;
  readonly untrackedAt: Date | null;
  /** The scopes that it had first, which drift is compared with if none are approved. */
  readonly firstScopes: readonly string[] | null;
  /** By the newest observation; without any readable field if there was none. */
  readonly details: KeyDetails;
  /** The vendor says that there is no such key; `details` are then the last known. */
  readonly missing: boolean;
  /** The newest one; null before the first. */
  readonly verdict: Verdict | null;
  readonly observedAt: Date | null;
}

interface Row extends Omit<KeyFacts, 'details' | 'missing'> {
  readonly lastUsed: Date | null;
  readonly content: ObservationContent | null;
  readonly seenName: string | null;
  readonly seenType: string | null;
  readonly seenLastFour: string | null;
}

/** Undefined if the key was never tracked. */
export async function readKeyFacts(
  { db }: Database,
  source: string,
  keyId: string,
): Promise<KeyFacts | undefined> {
  const { rows } = await sql<Row>`
    select k.id as row, k.source, k.key_id as "keyId", e.owner, e.environment,
      e.approved_scopes as "approvedScopes", e.tags, k.tracked_at as "trackedAt",
      k.untracked_at as "untrackedAt", k.first_scopes as "firstScopes",
      k.observed_at as "observedAt", k.last_used as "lastUsed", o.content,
      ${verdictWordInSql(sql`k.verdict`)} as verdict,
      k.seen_name as "seenName", k.seen_type as "seenType", k.seen_last_four as "seenLastFour"
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    where k.source = ${source} and k.key_id = ${keyId}
  `.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { lastUsed, content, seenName, seenType, seenLastFour, ...facts } = row;
  const missing = content?.missing === true;
  const seen = {
    ...noDetails,
    name: seenName ?? undefined,
    type: seenType ?? undefined,
    lastFour: seenLastFour ?? undefined,
  };
  const details = content === null || missing ? seen : toDetails(content, lastUsed);
  return { ...facts, details, missing };
}
