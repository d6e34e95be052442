import { type RawBuilder, sql } from 'kysely';
import type { Verdict } from '../../evaluate/judgement.ts';
import { setBackMs } from '../../schedule/plan-ticks.ts';
import { verdictCode } from '../store/codes.ts';
import type { RecordsTransaction } from '../store/database.ts';

/**
 * Whether a verdict observed at `at` is newer than that of the tracked key `k`. One of a future that
 * the clock has left behind is not kept.
 */
export function isNewerVerdict(at: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(k.verdict_at is null or k.verdict_at <= ${at}
    or k.verdict_at > clock_timestamp() + ${sql.lit(setBackMs)} * interval '1 millisecond')`;
}

/** A verdict of the key with this row, observed at this instant. */
export interface ObservedVerdict {
  readonly row: number;
  readonly verdict: Verdict;
  readonly at: Date;
}

/** Writes the verdicts of keys whose memory stays as it is. The caller has locked the keys. */
export async function writeVerdicts(
  tx: RecordsTransaction,
  keys: readonly ObservedVerdict[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    update keysweep.tracked_key k set verdict = n.verdict, verdict_at = n.at
    from unnest(
      ${keys.map(({ row }) => row)}::integer[],
      ${keys.map(({ verdict }) => verdictCode(verdict))}::smallint[],
      ${keys.map(({ at }) => at.toISOString())}::timestamptz[]
    ) as n (key_id, verdict, at)
    where k.id = n.key_id and ${isNewerVerdict(sql`n.at`)}
  `.execute(tx);
}
