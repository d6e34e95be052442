import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import type { TickOutcome } from '../store/tables/tables.ts';

/** What is recorded of a schedule. */
export interface ScheduleFacts {
  readonly id: string;
  /** When its last sweep closed. */
  readonly lastSweepAt: Date | null;
  /** Ticks that wait for the sweep before them to end. */
  readonly waiting: number;
  /** The newest tick that was decided on. */
  readonly lastTick: LastTick | null;
  /** The ticks of the last seven days that did not run on time. */
  readonly week: OddTicks;
}

export interface LastTick {
  readonly dueAt: Date;
  readonly outcome: TickOutcome;
  readonly trigger: Trigger;
  /** More than one: a run of missed ticks, of which `dueAt` is the last. */
  readonly ticks: number;
}

export interface OddTicks {
  readonly missed: number;
  readonly skipped: number;
  /** Swept late, because nothing ran when they were due. */
  readonly caughtUp: number;
}

type ScheduleRow = Omit<ScheduleFacts, 'lastTick' | 'week'> &
  OddTicks & { [Name in keyof LastTick]: LastTick[Name] | null };

/** The facts of the schedules with these ids, in this order. */
export async function readScheduleFacts(
  { db }: Database,
  ids: readonly string[],
): Promise<readonly ScheduleFacts[]> {
  const found = await sql<ScheduleRow>`
    select asked.id, (
        select closed_at from keysweep.sweep s
        where s.schedule = asked.id and s.closed_at is not null and not s.simulated
        order by s.id desc limit 1
      ) as "lastSweepAt", counted.*, newest.*
    from unnest(${[...ids]}::text[]) with ordinality as asked (id, place)
    cross join lateral (
      select (count(*) filter (where outcome = 'waiting'))::integer as waiting,
        (coalesce(sum(ticks) filter (where recent and outcome = 'missed'), 0))::integer as missed,
        (count(*) filter (where recent and outcome = 'skipped'))::integer as skipped,
        (count(*) filter (where recent and outcome = 'opened' and trigger = 'catch-up'))::integer
          as "caughtUp"
      from (
        select *, due_at > now() - interval '7 days' as recent from keysweep.tick
        where schedule = asked.id and not simulated
      ) t
    ) counted
    left join lateral (
      select due_at as "dueAt", outcome, trigger, ticks from keysweep.tick
      where schedule = asked.id and not simulated order by due_at desc limit 1
    ) newest on true
    order by asked.place
  `.execute(db);
  return found.rows.map(toFacts);
}

function toFacts(row: ScheduleRow): ScheduleFacts {
  const { id, lastSweepAt, waiting, missed, skipped, caughtUp } = row;
  return { id, lastSweepAt, waiting, lastTick: toTick(row), week: { missed, skipped, caughtUp } };
}

function toTick({ dueAt, outcome, trigger, ticks }: ScheduleRow): LastTick | null {
  if (dueAt === null || outcome === null || trigger === null || ticks === null) return null;
  return { dueAt, outcome, trigger, ticks };
}
