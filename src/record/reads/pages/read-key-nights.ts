import { sql } from 'kysely';
import type { Unjudged, Verdict, Violation } from '../../../evaluate/judgement.ts';
import type { KeyDetails } from '../../../keys/detail-fields.ts';
import { verdictWordInSql } from '../../store/codes.ts';
import type { Database } from '../../store/database.ts';
import { type ObservationContent, toDetails } from '../../store/observation-content.ts';
import { readJudgement, type StoredJudgement } from '../../store/stored-judgement.ts';

/** What one sweep recorded of a key. */
export interface KeyNight {
  readonly sweep: string;
  readonly scope: 'full' | 'partial';
  /** When the sweep was due; when it opened, if nothing was due. */
  readonly at: Date;
  readonly simulated: boolean;
  readonly verdict: Verdict;
  readonly observedAt: Date | null;
  /** Undefined if the vendor did not answer. */
  readonly said: KeyDetails | 'missing' | undefined;
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
}

export interface KeyNights {
  /** Newest first. */
  readonly nights: readonly KeyNight[];
  /** The one before these, to compare with. Undefined if there is none among the sweeps looked through. */
  readonly earlier: KeyNight | undefined;
  /** Where older ones begin; null if there are none. */
  readonly before: number | null;
}

interface Row extends Pick<KeyNight, 'sweep' | 'scope' | 'at' | 'simulated' | 'observedAt'> {
  readonly place: number;
  readonly verdict: Verdict | null;
  readonly lastUsed: Date | null;
  readonly judgement: StoredJudgement | null;
  readonly content: ObservationContent | null;
}

/** Sweeps that are looked through at once: re-audits of other keys are among them. */
const sweepsAtOnce = 400;

/** What the last `most` sweeps of a key recorded; only those before the sweep `before`, if given. */
export async function readKeyNights(
  { db }: Database,
  keyRow: number,
  most: number,
  before: number | null,
): Promise<KeyNights> {
  const { rows } = await sql<Row>`
    with recent as materialized (
      select * from keysweep.sweep where ${before}::integer is null or id < ${before}::integer
      order by id desc limit ${sweepsAtOnce}
    )
    select s.id as place, s.uuid as sweep, s.scope, coalesce(s.due_at, s.opened_at) as at,
      s.simulated, ${verdictWordInSql(sql`k.verdict`)} as verdict, k.observed_at as "observedAt",
      k.last_used as "lastUsed", k.judgement, o.content
    from recent s
    left join lateral keysweep.sweep_key_of(s.id, ${keyRow}::integer) k on true
    left join keysweep.observation o on o.id = k.observation_id
    order by s.id desc
  `.execute(db);
  const own = rows.filter(({ verdict }) => verdict !== null);
  const shown = own.slice(0, most);
  const last = own.length > most ? shown.at(-1) : rows.at(-1);
  const ends = own.length <= most && rows.length < sweepsAtOnce;
  return {
    nights: shown.flatMap(toNight),
    earlier: own.slice(most, most + 1).flatMap(toNight)[0],
    before: ends ? null : (last?.place ?? null),
  };
}

function toNight({ place: _, content, lastUsed, judgement, verdict, ...row }: Row): KeyNight[] {
  if (verdict === null) return [];
  const known = content === null ? undefined : toDetails(content, lastUsed);
  const said = content?.missing === true ? 'missing' : known;
  return [{ ...row, verdict, said, ...readJudgement(judgement) }];
}
