import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { lastFacts } from '../store/findings/sightings.ts';

const dayMs = 86_400_000;
/**
 * A nightly sweep does not open at the same millisecond each night, and clock changes move it by an
 * hour. An interval of a day or more is therefore shortened by this much.
 */
const slackMs = 2 * 3_600_000;

/**
 * SQL: whether a finding `f` is open and its last alert is at least one interval older than a
 * sweep's instant. A finding with pending events needs no reminder.
 */
export function isToBeReminded(asOf: Date, remindAfterMs: number): RawBuilder<boolean> {
  const afterMs = remindAfterMs < dayMs ? remindAfterMs : remindAfterMs - slackMs;
  return sql<boolean>`(f.state = 'open' and f.told_at is not null
    and f.told_at <= ${asOf}::timestamptz - ${afterMs} * interval '1 millisecond'
    and not exists (
      select from keysweep.finding_event v where v.finding_id = f.id and v.planned_at is null
    ))`;
}

/**
 * Writes the reminders that a full sweep sends, as pending events of its own. The caller has locked
 * the findings.
 */
export async function writeReminders(
  tx: RecordsTransaction,
  { id, opened_at }: { readonly id: number; readonly opened_at: Date },
  remindAfterMs: number | undefined,
): Promise<void> {
  if (remindAfterMs === undefined) return;
  await sql`
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, facts)
    select f.id, ${id}, 'reminder', 'open', ${lastFacts}
    from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
    where ${isToBeReminded(opened_at, remindAfterMs)} order by f.id
  `.execute(tx);
}
