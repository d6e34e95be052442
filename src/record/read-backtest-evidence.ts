import { sql } from 'kysely';
import type { WaivedBefore } from '../evaluate/history.ts';
import type { Judgement, Verdict } from '../evaluate/judgement.ts';
import type { Observation } from '../keys/observation.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { verdictOf } from './codes.ts';
import type { Database } from './database.ts';
import { type ObservationContent, toDetails } from './observation-content.ts';
import type { KeptSweep } from './read-backtest-sweeps.ts';
import { readJudgement, type StoredJudgement } from './stored-judgement.ts';
import { sweepRows } from './sweep-rows.ts';

/** What was learned of one key in one sweep, how it was judged, and what is remembered of it. */
export interface Evidence {
  readonly id: number;
  readonly key: TrackedKey;
  readonly observation: Observation;
  readonly verdict: Verdict;
  readonly judgement: Pick<Judgement, 'violations' | 'unjudged'>;
  readonly trackedAt: Date;
  readonly firstScopes: readonly string[] | undefined;
  readonly waived: ReadonlyMap<string, WaivedBefore>;
  /** As it is known today, by sweeps after this one too. */
  readonly remembered: Remembered;
}

/** Which fields of the key could ever be read, and when its verdict was known last. */
export interface Remembered {
  readonly lastUsed: boolean;
  readonly createdOn: boolean;
  readonly type: boolean;
  readonly lastFour: boolean;
  readonly knownAt: Date | null;
}

interface Row {
  readonly id: number;
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: string[] | null;
  readonly tags: string[];
  readonly verdict: number;
  readonly observed_at: Date;
  readonly last_used: Date | null;
  readonly judgement: StoredJudgement | null;
  readonly content: ObservationContent | null;
  readonly tracked_at: Date;
  readonly known_at: Date | null;
  readonly first_scopes: string[] | null;
  readonly used: boolean;
  readonly created: boolean;
  readonly typed: boolean;
  readonly fours: boolean;
  /** A list of [hash, digest, when it became void]. */
  readonly waived: readonly (readonly [string, string, string | null])[] | null;
}

/** The rows of these keys in a sweep, in no order. `waivers`: whether what they covered counts. */
export async function readEvidence(
  database: Database,
  sweep: KeptSweep,
  keyRows: readonly number[],
  waivers: boolean,
): Promise<readonly Evidence[]> {
  // Which waiver covered a key in this sweep, or later, was not known when it was judged.
  const waived = sql`(
    select jsonb_agg(jsonb_build_array(w.waiver_hash, w.digest, w.voided_at))
    from keysweep.waived_key w where w.key_id = k.id and w.sweep_id < ${sweep.id}
  )`;
  const { rows } = await sql<Row>`
    select k.id, k.source, k.key_id as "keyId", e.owner, e.environment,
      e.approved_scopes as "approvedScopes", e.tags, s.verdict, s.observed_at, s.last_used,
      s.judgement, o.content, k.tracked_at, k.known_at, k.first_scopes,
      k.seen_at is not null as used, k.seen_created_on is not null as created,
      k.seen_type is not null as typed, k.seen_last_four is not null as fours,
      ${waivers ? waived : sql`null::jsonb`} as waived
    from ${sweepRows(sweep.id, keyRows)}
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    left join keysweep.observation o on o.id = s.observation_id
  `.execute(database.db);
  return rows.map(toEvidence);
}

function toEvidence(row: Row): Evidence {
  const { id, source, keyId, owner, environment, approvedScopes, tags } = row;
  const judgement = readJudgement(row.judgement);
  return {
    id,
    key: { source, keyId, owner, environment, approvedScopes, tags },
    observation: toObservation(row, judgement),
    verdict: verdictOf(row.verdict),
    judgement,
    trackedAt: row.tracked_at,
    firstScopes: row.first_scopes ?? undefined,
    waived: row.waived === null ? nothingWaived : toWaived(row.waived, row.observed_at),
    remembered: {
      ...{ lastUsed: row.used, createdOn: row.created, type: row.typed, lastFour: row.fours },
      knownAt: row.known_at,
    },
  };
}

/** What could not be observed has its reason in the judgement. */
export function toObservation(
  row: Pick<Row, 'observed_at' | 'last_used' | 'content'>,
  { unjudged }: Evidence['judgement'],
): Observation {
  const at = row.observed_at;
  const { content } = row;
  if (content?.missing === true) return { kind: 'missing', at };
  if (content !== null) {
    return { kind: 'present', at, details: toDetails(content, row.last_used) };
  }
  const why = unjudged.find(({ rule }) => rule === null);
  return { kind: 'unknown', at, reason: why?.reason ?? 'timeout', detail: why?.detail ?? '' };
}

const nothingWaived: ReadonlyMap<string, WaivedBefore> = new Map();

/** What became void when this was observed, or later, was not void before. */
function toWaived(rows: NonNullable<Row['waived']>, observedAt: Date): Evidence['waived'] {
  return new Map(
    rows.map(([hash, digest, voidedAt]) => {
      const ended = voidedAt !== null && Date.parse(voidedAt) < observedAt.getTime();
      return [hash, { digest, void: ended }];
    }),
  );
}
