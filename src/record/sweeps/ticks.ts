import { sql } from 'kysely';
import { planMissed } from '../../alert/plan/plan-notices.ts';
import type { TicksPlan } from '../../schedule/plan-ticks.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { type WrittenAlert, writeAlerts } from '../outbox/write-alerts.ts';
import { writeHeartbeat } from '../outbox/write-heartbeat.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables.ts';
import { lockSchedule } from './lock-schedule.ts';

/** A schedule as configured. */
export interface KnownSchedule {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string;
}

/**
 * Records that the schedules were seen. A tick before its schedule was first seen does not count as
 * missed. A schedule whose cron line or zone has changed counts as seen for the first time.
 */
export async function noteSchedules(
  database: Database,
  schedules: readonly KnownSchedule[],
): Promise<void> {
  for (const { id, cron, timezone } of schedules) {
    await sql`
      insert into keysweep.schedule as s (id, cron, timezone, decided_until)
      values (${id}, ${cron}, ${timezone}, now())
      on conflict (id) do update set cron = excluded.cron, timezone = excluded.timezone,
        first_seen_at = now(), decided_until = now()
      where s.cron <> excluded.cron or s.timezone <> excluded.timezone
    `.execute(database.db);
  }
}

/** A tick to open. */
export interface DueTick {
  readonly schedule: string;
  readonly dueAt: Date;
  readonly trigger: Exclude<Trigger, 'request'>;
}

/** The facts for a decision on the ticks of a schedule. */
export interface TicksState {
  /** Ticks up to this instant were decided on. */
  readonly decidedUntil: Date;
  /** The ticks that wait to be opened, oldest first. */
  readonly waiting: readonly Date[];
  readonly now: Date;
}

/** A decision: the tick to open, if there is one, and the alerts about missed ticks. */
export interface DecidedTicks {
  readonly run: DueTick | undefined;
  readonly alerts: readonly WrittenAlert[];
}

const nothing: DecidedTicks = { run: undefined, alerts: [] };

/**
 * Decides on the ticks that became due since the last decision, one process at a time. Records the
 * tick to run as waiting, so that it survives the loss of the queue. Records missed ticks and plans
 * their alerts.
 */
export async function decideTicks(
  database: Database,
  schedule: string,
  alerting: Alerting,
  plan: (state: TicksState) => TicksPlan,
): Promise<DecidedTicks> {
  return database.transact(async (tx) => {
    await lockSchedule(tx, schedule);
    const state = await readState(tx, schedule);
    if (state === undefined) return nothing;
    const { run, missed } = plan(state);
    const newest = run?.dueAt ?? missed.at(-1);
    if (newest === undefined) return nothing;
    await keepTicks(tx, schedule, { run, missed });
    await sql`
      update keysweep.schedule set decided_until = greatest(decided_until, ${newest}::timestamptz)
      where id = ${schedule}
    `.execute(tx);
    return {
      run: run && { schedule, ...run },
      alerts: await alertMissed(tx, schedule, missed, { alerting, at: state.now }),
    };
  });
}

async function alertMissed(
  tx: RecordsTransaction,
  schedule: string,
  missed: readonly Date[],
  { alerting, at }: { readonly alerting: Alerting; readonly at: Date },
): Promise<readonly WrittenAlert[]> {
  if (missed.length === 0) return [];
  const notices = planMissed(summarize(schedule, missed), alerting.channels);
  const alerted = await writeAlerts(tx, notices, { sweepId: null, destinations: alerting, at });
  const { heartbeats } = alerting;
  return [
    ...alerted,
    ...(await writeHeartbeat(tx, 'fail', { schedule, sweepId: null, heartbeats })),
  ];
}

async function readState(
  tx: RecordsTransaction,
  schedule: string,
): Promise<TicksState | undefined> {
  const found = await sql<{ decidedUntil: Date; now: Date; waiting: Date[] }>`
    select decided_until as "decidedUntil", clock_timestamp() as now,
      array(select due_at from keysweep.tick where schedule = s.id and outcome = 'waiting'
        order by due_at) as waiting
    from keysweep.schedule s where id = ${schedule} for update
  `.execute(tx);
  return found.rows[0];
}

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

async function keepTicks(tx: RecordsTransaction, schedule: string, { run, missed }: TicksPlan) {
  const rows = [
    ...missed.map((dueAt) => ({ due_at: dueAt, outcome: 'missed', trigger: 'schedule' })),
    ...(run === undefined ? [] : [{ due_at: run.dueAt, outcome: 'waiting', trigger: run.trigger }]),
  ];
  for (let at = 0; at < rows.length; at += chunk) {
    const some = JSON.stringify(rows.slice(at, at + chunk));
    await sql`
      insert into keysweep.tick as tick (schedule, due_at, outcome, trigger)
      select ${schedule}, due_at, outcome, trigger from jsonb_to_recordset(${some}::jsonb)
        as n (due_at timestamptz, outcome text, trigger text)
      on conflict (schedule, due_at) do update set outcome = excluded.outcome
        where tick.outcome = 'waiting' and excluded.outcome = 'missed'
    `.execute(tx);
  }
}

function summarize(schedule: string, missed: readonly Date[]) {
  return {
    schedule,
    count: missed.length,
    firstDueAt: missed[0]?.toISOString() ?? '',
    lastDueAt: missed.at(-1)?.toISOString() ?? '',
  };
}

/** The oldest waiting tick of each schedule (or of `schedule`) that has no open sweep. */
export async function readWaitingTicks(
  database: Database,
  schedule?: string,
): Promise<readonly DueTick[]> {
  const found = await sql<DueTick>`
    select distinct on (t.schedule) t.schedule, t.due_at as "dueAt", t.trigger
    from keysweep.tick t
    where t.outcome = 'waiting' and t.schedule = coalesce(${schedule ?? null}::text, t.schedule)
      and not exists (
        select from keysweep.sweep s where s.schedule = t.schedule and s.closed_at is null
      )
    order by t.schedule, t.due_at
  `.execute(database.db);
  return found.rows;
}
