import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

const dayMs = 86_400_000;
/**
 * A nightly sweep does not open at the same millisecond each night, and clocks that go back or
 * forward move it by an hour: an interval of days is over so much before its end.
 */
const slackMs = 2 * 3_600_000;

/**
 * The open findings whose last word to anybody is so long ago, as of a sweep's instant; SQL, of
 * `f`. None of what is about to be told anyway.
 */
export function isToBeReminded(asOf: Date, remindAfterMs: number): RawBuilder<boolean> {
  const afterMs = remindAfterMs < dayMs ? remindAfterMs : remindAfterMs - slackMs;
  return sql<boolean>`(f.state = 'open' and f.told_at is not null
    and f.told_at <= ${asOf}::timestamptz - ${afterMs} * interval '1 millisecond'
    and not exists (
      select from keysweep.finding_event v where v.finding_id = f.id and v.planned_at is null
    ))`;
}

/** Has these findings told again. Whoever calls has locked them. */
export async function remindFindings(
  tx: RecordsTransaction,
  { id, asOf }: { readonly id: number; readonly asOf: Date },
  remindAfterMs: number | undefined,
): Promise<void> {
  if (remindAfterMs === undefined) return;
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, facts)
    select f.id, ${id}, 'reminder', 'open', f.facts from keysweep.finding f
    where ${isToBeReminded(asOf, remindAfterMs)} order by f.id
  `.execute(tx);
}
