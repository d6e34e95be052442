import { type RawBuilder, sql } from 'kysely';
import { readEvents, type SweepEvent } from '../outbox/pending-events.ts';
import type { RecordsTransaction } from '../store/database.ts';

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
 * The reminders that a full sweep may send, as events that are not written yet; their ids come from
 * the sequence of the events. The caller has locked the findings.
 */
export async function readReminders(
  tx: RecordsTransaction,
  { id, opened_at }: { readonly id: number; readonly opened_at: Date },
  remindAfterMs: number | undefined,
): Promise<readonly SweepEvent[]> {
  if (remindAfterMs === undefined) return [];
  return readEvents(
    tx,
    sql`(
      select nextval(pg_get_serial_sequence('keysweep.finding_event', 'id')) as id,
        ${id}::integer as sweep_id, due.id as finding_id, 'reminder' as kind, 'open' as was,
        now() as at, null::jsonb as note, null::text as resolution, due.facts
      from (
        select f.id, f.facts from keysweep.finding f
        where ${isToBeReminded(opened_at, remindAfterMs)} order by f.id offset 0
      ) due offset 0
    )`,
  );
}

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** Writes reminders as events of their findings, with the ids that `readReminders` gave them. */
export async function writeReminders(
  tx: RecordsTransaction,
  reminders: readonly SweepEvent[],
): Promise<void> {
  const rows = reminders.map(({ id, sweepRow, finding: { fingerprint } }) => ({
    id,
    sweep: sweepRow,
    fingerprint,
  }));
  for (let at = 0; at < rows.length; at += chunk) {
    await sql`
      insert into keysweep.finding_event (id, finding_id, sweep_id, kind, was, facts)
      overriding system value
      select n.id, f.id, n.sweep, 'reminder', 'open', f.facts
      from jsonb_to_recordset(${JSON.stringify(rows.slice(at, at + chunk))}::jsonb)
        as n (id bigint, sweep integer, fingerprint text)
      join keysweep.finding f on f.fingerprint = n.fingerprint
      order by n.id
    `.execute(tx);
  }
}
