import { sql } from 'kysely';
import type { WaivedBefore } from '../evaluate/history/history.ts';
import type { Judgement, Verdict } from '../evaluate/judgement.ts';
import { unknownDetail } from '../evaluate/unknown-detail.ts';
import type { Observation } from '../keys/observation.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { verdictOf } from '../record/store/codes.ts';
import type { Database } from '../record/store/database.ts';
import { type ObservationContent, toDetails } from '../record/store/observation-content.ts';
import { sweepRows } from '../record/store/packs/sweep-rows.ts';
import { readJudgement, type StoredJudgement } from '../record/store/stored-judgement.ts';
import type { KeptSweep } from './read-sweeps.ts';

/** What one sweep learned about one key, how it judged the key, and what the key's record holds. */
export interface Evidence {
  readonly id: number;
  readonly key: TrackedKey;
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly judgement: Pick<Judgement, 'violations' | 'unjudged'>;
  readonly trackedAt: Date;
  readonly firstScopes: readonly string[] | undefined;
  readonly waived: ReadonlyMap<string, WaivedBefore>;
  /** The key's record as it is today, which includes later sweeps. */
  readonly remembered: Remembered;
}

/** Which fields of the key could ever be read, and when its verdict was last known. */
export interface Remembered {
  readonly lastUsed: boolean;
  readonly createdOn: boolean;
  readonly type: boolean;
  readonly lastFour: boolean;
  readonly knownAt: Date | null;
}

/**
 * One row as a JSON array, because drivers take twice as long for as many columns. Instants are
 * texts in it.
 */
type Row = readonly [
  id: number,
  source: string,
  keyId: string,
  owner: string | null,
  environment: string | null,
  approvedScopes: string[] | null,
  tags: string[],
  verdict: number,
  observedAt: string,
  lastUsed: string | null,
  judgement: StoredJudgement | null,
  content: ObservationContent | null,
  trackedAt: string,
  knownAt: string | null,
  firstScopes: string[] | null,
  ever: readonly [used: boolean, created: boolean, typed: boolean, fours: boolean],
  /** A list of [hash, digest, when it became void]. */
  waived: readonly (readonly [string, string, string | null])[] | null,
];

/**
 * Reads the rows of these keys in a sweep, unordered. `waivers`: whether to read what waivers
 * covered.
 */
export async function readEvidence(
  database: Database,
  sweep: KeptSweep,
  keyRows: readonly number[],
  waivers: boolean,
): Promise<readonly Evidence[]> {
  // What waivers covered in this sweep or later was unknown when the key was judged.
  const waived = sql`(
    select jsonb_agg(jsonb_build_array(w.waiver_hash, w.digest, w.voided_at))
    from keysweep.waived_key w where w.key_id = k.id and w.sweep_id < ${sweep.id}
  )`;
  const { rows } = await sql<{ row: Row }>`
    select json_build_array(k.id, k.source, k.key_id, e.owner, e.environment, e.approved_scopes,
      e.tags, s.verdict, s.observed_at, s.last_used, s.judgement, o.content, k.tracked_at,
      k.known_at, k.first_scopes, json_build_array(k.seen_at is not null,
        k.seen_created_on is not null, k.seen_type is not null, k.seen_last_four is not null),
      ${waivers ? waived : sql`null`}) as row
    from ${sweepRows(sweep.id, keyRows)}
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    left join keysweep.observation o on o.id = s.observation_id
  `.execute(database.db);
  return rows.map(({ row }) => toEvidence(row));
}

function toEvidence(row: Row): Evidence {
  const [id, source, keyId, owner, environment, approvedScopes, tags, ...observed] = row;
  const [verdict, at, lastUsed, kept, content, ...remembered] = observed;
  const [trackedAt, knownAt, firstScopes, ever, waived] = remembered;
  const judgement = readJudgement(kept);
  const observedAt = new Date(at);
  const [used, created, typed, fours] = ever;
  return {
    id,
    key: { source, keyId, owner, environment, approvedScopes, tags },
    observation: toObservation(
      { observed_at: observedAt, last_used: instantOrNull(lastUsed), content },
      judgement,
    ),
    verdict: verdictOf(verdict),
    judgement,
    trackedAt: new Date(trackedAt),
    firstScopes: firstScopes ?? undefined,
    waived: waived === null ? nothingWaived : toWaived(waived, observedAt),
    remembered: {
      ...{ lastUsed: used, createdOn: created, type: typed, lastFour: fours },
      knownAt: instantOrNull(knownAt),
    },
  };
}

function instantOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** For a failed observation, the reason is in the judgement. */
export function toObservation(
  row: {
    readonly observed_at: Date;
    readonly last_used: Date | null;
    readonly content: ObservationContent | null;
  },
  { unjudged }: Evidence['judgement'],
): Observation {
  const at = row.observed_at;
  const { content } = row;
  if (content?.missing === true) return { kind: 'missing', at };
  if (content !== null) {
    return { kind: 'present', at, details: toDetails(content, row.last_used) };
  }
  const why = unjudged.find(({ rule }) => rule === null);
  const detail = why === undefined ? '' : unknownDetail(why);
  return { kind: 'unknown', at, reason: why?.reason ?? 'timeout', detail };
}

const nothingWaived: ReadonlyMap<string, WaivedBefore> = new Map();

/** What became void at this observation, or later, was still valid before it. */
function toWaived(rows: NonNullable<Row[16]>, observedAt: Date): Evidence['waived'] {
  return new Map(
    rows.map(([hash, digest, voidedAt]) => {
      const ended = voidedAt !== null && Date.parse(voidedAt) < observedAt.getTime();
      return [hash, { digest, void: ended }];
    }),
  );
}
