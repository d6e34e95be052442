import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** Sweeps that are kept, by schedule (null: on request) and status. */
export interface SweepCount {
  readonly schedule: string | null;
  readonly status: 'open' | 'complete' | 'incomplete';
  readonly sweeps: number;
}

/** A schedule that was seen at least once. */
export interface ScheduleFigures {
  readonly id: string;
  readonly firstSeenAt: Date;
  /** When its newest closed sweep closed, and its newest complete one. */
  readonly lastSweepAt: Date | null;
  readonly lastCompleteAt: Date | null;
  readonly waitingTicks: number;
  readonly missedTicks: number;
}

export interface SweepFigures {
  /** The database's time. */
  readonly now: Date;
  readonly sweeps: readonly SweepCount[];
  readonly schedules: readonly ScheduleFigures[];
  /** Sweeps whose alerts are held. */
  readonly held: readonly { readonly schedule: string | null; readonly sweeps: number }[];
}

/** Simulated sweeps and ticks do not count. */
export async function readSweepFigures(database: Database): Promise<SweepFigures> {
  const { rows: sweeps } = await sql<SweepCount>`
    select schedule, coalesce(status, 'open') as status, count(*)::integer as sweeps
    from keysweep.sweep where not simulated group by schedule, status
  `.execute(database.db);
  const held = await sql<SweepFigures['held'][number]>`
    select schedule, count(*)::integer as sweeps from keysweep.sweep
    where held = 'held' and not simulated group by schedule
  `.execute(database.db);
  const clock = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(database.db);
  const now = clock.rows[0]?.now ?? new Date(0);
  return { now, sweeps, schedules: await readSchedules(database), held: held.rows };
}

/** In the order of the sweeps, which no clock can change. */
async function readSchedules(database: Database): Promise<readonly ScheduleFigures[]> {
  const closedAs = (status: string) => sql`
    select w.id, w.closed_at from keysweep.sweep w
    where w.schedule = s.id and w.status = ${sql.lit(status)} and not w.simulated
    order by w.id desc limit 1
  `;
  const found = await sql<ScheduleFigures>`
    select s.id, s.first_seen_at as "firstSeenAt", complete.closed_at as "lastCompleteAt",
      case when incomplete.id > coalesce(complete.id, 0) then incomplete.closed_at
        else complete.closed_at end as "lastSweepAt",
      coalesce(t.waiting, 0)::integer as "waitingTicks",
      coalesce(t.missed, 0)::integer as "missedTicks"
    from keysweep.schedule s
    left join lateral (${closedAs('complete')}) complete on true
    left join lateral (${closedAs('incomplete')}) incomplete on true
    left join (
      select schedule, count(*) filter (where outcome = 'waiting') as waiting,
        sum(ticks) filter (where outcome = 'missed') as missed
      from keysweep.tick where outcome in ('waiting', 'missed') and not simulated
      group by schedule
    ) t on t.schedule = s.id
  `.execute(database.db);
  return found.rows;
}
