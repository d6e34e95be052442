import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** The last closed sweep of a schedule, and its ticks that have no sweep yet. */
export interface ScheduleHealth {
  readonly schedule: string;
  readonly sweep: string | null;
  readonly status: 'complete' | 'incomplete' | null;
  readonly closedAt: Date | null;
  /** Whether the answers of that sweep were invented. */
  readonly simulated: boolean | null;
  readonly waiting: number;
}

/** One row for each schedule, in their order. */
export async function readScheduleHealth(
  { db }: Database,
  schedules: readonly string[],
): Promise<readonly ScheduleHealth[]> {
  const { rows } = await sql<ScheduleHealth>`
    select asked.id as schedule, s.uuid as sweep, s.status, s.closed_at as "closedAt", s.simulated, (
        select count(*)::integer from keysweep.tick t
        where t.schedule = asked.id and t.outcome = 'waiting'
      ) as waiting
    from unnest(${[...schedules]}::text[]) with ordinality as asked (id, place)
    left join lateral (
      select w.uuid, w.status, w.closed_at, w.simulated from keysweep.sweep w
      where w.schedule = asked.id and w.closed_at is not null order by w.id desc limit 1
    ) s on true
    order by asked.place
  `.execute(db);
  return rows;
}

/** A source that asked us to stay away. */
export interface PausedSource {
  readonly source: string;
  readonly until: Date;
  readonly detail: string;
}

export async function readPausedSources({ db }: Database): Promise<readonly PausedSource[]> {
  const { rows } = await sql<PausedSource>`
    select source, until, detail from keysweep.source_wait where until > now() order by source
  `.execute(db);
  return rows;
}
