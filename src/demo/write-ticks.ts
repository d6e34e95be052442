import { sql } from 'kysely';
import type { ScheduleConfig } from '../config/config.ts';
import type { RecordsTransaction } from '../record/store/database.ts';
import type { PastNight } from './list-nights.ts';
import type { PastSweep } from './write-nights.ts';

interface TicksOfPast {
  readonly schedule: Pick<ScheduleConfig, 'id' | 'cron' | 'timezone' | 'catchUpMs'>;
  readonly nights: readonly PastNight[];
  /** The sweeps of the nights that were not missed, in the same order. */
  readonly sweeps: readonly PastSweep[];
  readonly now: Date;
}

const minuteMs = 60_000;

/** Writes the schedule as one that was decided on until now, and a tick for each night. */
export async function writeTicks(
  tx: RecordsTransaction,
  { schedule, nights, sweeps, now }: TicksOfPast,
): Promise<void> {
  const { id, cron, timezone, catchUpMs } = schedule;
  const since = new Date((nights[0]?.dueAt ?? now).getTime() - minuteMs);
  await sql`
    insert into keysweep.schedule (id, cron, timezone, first_seen_at, decided_until)
    values (${id}, ${cron}, ${timezone}, ${since}, ${now})
  `.execute(tx);
  let next = 0;
  const rows = nights.map(({ dueAt, kind }) => {
    if (kind !== 'missed') return { dueAt, decidedAt: dueAt, sweep: sweeps[next++]?.id };
    // Nothing ran until it was too late to catch up.
    return { dueAt, decidedAt: new Date(dueAt.getTime() + catchUpMs + minuteMs), sweep: null };
  });
  await sql`
    insert into keysweep.tick (schedule, due_at, outcome, trigger, sweep_id, decided_at,
      first_due_at, ticks, simulated)
    select ${id}, "dueAt", case when sweep is null then 'missed' else 'opened' end, 'schedule',
      sweep, "decidedAt", case when sweep is null then "dueAt" end, 1, true
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n ("dueAt" timestamptz,
      "decidedAt" timestamptz, sweep integer)
  `.execute(tx);
}
