import { sql } from 'kysely';
import { planMissed } from '../../alert/plan/plan-notices.ts';
import { setBackMs, type TicksPlan } from '../../schedule/plan-ticks.ts';
import type { TickRun } from '../../timing/due-instants.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { type WrittenAlert, writeAlerts } from '../outbox/write-alerts.ts';
import { writeHeartbeat } from '../outbox/write-heartbeat.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
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
  { db }: Pick<Database, 'db'>,
  schedules: readonly KnownSchedule[],
): Promise<void> {
  for (const { id, cron, timezone } of schedules) {
    await sql`
      insert into keysweep.schedule as s (id, cron, timezone, decided_until)
      values (${id}, ${cron}, ${timezone}, now())
      on conflict (id) do update set cron = excluded.cron, timezone = excluded.timezone,
        first_seen_at = now(), decided_until = now()
      where s.cron <> excluded.cron or s.timezone <> excluded.timezone
    `.execute(db);
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
  /** Whether the last decision was made in what is now the future: the clock was set back. */
  readonly setBack: boolean;
  /** How many ticks wait because the sweep before them is open. */
  readonly waiting: number;
}

/**
 * Decides on the ticks that became due since the last decision, one process at a time. Records the
 * tick to run as waiting, so that it survives the loss of the queue. Records missed ticks and plans
 * their alerts. Undefined if the schedule is not recorded.
 */
export async function decideTicks(
  database: Database,
  schedule: string,
  alerting: Alerting,
  plan: (state: TicksState) => TicksPlan,
): Promise<DecidedTicks | undefined> {
  return database.transact(async (tx) => {
    await lockSchedule(tx, schedule);
    const state = await readState(tx, schedule);
    if (state === undefined) return undefined;
    const { decidedUntil, now } = state;
    if (decidedUntil.getTime() - now.getTime() > setBackMs) return startAgain(tx, schedule, state);
    const planned = plan(state);
    const alerts = await keepTicks(tx, schedule, planned, { alerting, at: now });
    const { run, overtaken } = planned;
    const waiting = state.waiting.length - overtaken.length;
    return { run: run && { schedule, ...run }, alerts, setBack: false, waiting };
  });
}

/** After the clock was set back, ticks of the old future are due again when their time comes. */
async function startAgain(
  tx: RecordsTransaction,
  schedule: string,
  { now, waiting }: TicksState,
): Promise<DecidedTicks> {
  await sql`delete from keysweep.tick where schedule = ${schedule} and due_at > ${now}`.execute(tx);
  await sql`update keysweep.schedule set decided_until = ${now} where id = ${schedule}`.execute(tx);
  const left = waiting.filter((tick) => tick <= now).length;
  return { run: undefined, alerts: [], setBack: true, waiting: left };
}

/** Writes the decision. The number of statements does not depend on the number of ticks. */
async function keepTicks(
  tx: RecordsTransaction,
  schedule: string,
  { run, overtaken, missed }: TicksPlan,
  { alerting, at }: { readonly alerting: Alerting; readonly at: Date },
): Promise<readonly WrittenAlert[]> {
  const newest = run?.dueAt ?? missed?.last;
  if (overtaken.length > 0) await giveUpWaiting(tx, schedule, overtaken);
  if (missed !== undefined) await keepMissed(tx, schedule, missed);
  if (run !== undefined) await keepWaiting(tx, schedule, run);
  if (newest !== undefined) {
    await sql`
      update keysweep.schedule set decided_until = greatest(decided_until, ${newest}::timestamptz)
      where id = ${schedule}
    `.execute(tx);
  }
  const summary = summarize(overtaken, missed);
  return summary === undefined ? [] : alertMissed(tx, schedule, summary, { alerting, at });
}

async function giveUpWaiting(tx: RecordsTransaction, schedule: string, ticks: readonly Date[]) {
  const texts = ticks.map((tick) => tick.toISOString());
  await sql`
    update keysweep.tick set outcome = 'missed'
    where schedule = ${schedule} and outcome = 'waiting' and due_at = any(${texts}::timestamptz[])
  `.execute(tx);
}

async function keepMissed(tx: RecordsTransaction, schedule: string, missed: TickRun) {
  const { count, first, last } = missed;
  await sql`
    insert into keysweep.tick (schedule, due_at, outcome, trigger, first_due_at, ticks)
    values (${schedule}, ${last}, 'missed', 'schedule', ${first}, ${count})
    on conflict (schedule, due_at) do nothing
  `.execute(tx);
}

async function keepWaiting(
  tx: RecordsTransaction,
  schedule: string,
  { dueAt, trigger }: NonNullable<TicksPlan['run']>,
) {
  await sql`
    insert into keysweep.tick (schedule, due_at, outcome, trigger)
    values (${schedule}, ${dueAt}, 'waiting', ${trigger})
    on conflict (schedule, due_at) do nothing
  `.execute(tx);
}

function summarize(overtaken: readonly Date[], missed: TickRun | undefined): TickRun | undefined {
  const first = overtaken[0] ?? missed?.first;
  const last = missed?.last ?? overtaken.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { count: overtaken.length + (missed?.count ?? 0), first, last };
}

async function alertMissed(
  tx: RecordsTransaction,
  schedule: string,
  { count, first, last }: TickRun,
  { alerting, at }: { readonly alerting: Alerting; readonly at: Date },
): Promise<readonly WrittenAlert[]> {
  const [firstDueAt, lastDueAt] = [first.toISOString(), last.toISOString()];
  const notices = planMissed({ schedule, count, firstDueAt, lastDueAt }, alerting.channels);
  const alerted = await writeAlerts(tx, notices, { sweepId: null, destinations: alerting, at });
  const { heartbeats } = alerting;
  const beats = await writeHeartbeat(tx, 'fail', { schedule, sweepId: null, heartbeats });
  const [from, to] = [firstDueAt, lastDueAt];
  await appendLeaf(tx, { event: 'sweep-missed', schedule, from, to, ticks: count });
  return [...alerted, ...beats];
}

async function readState(
  tx: RecordsTransaction,
  schedule: string,
): Promise<TicksState | undefined> {
  const found = await sql<TicksState>`
    select decided_until as "decidedUntil", clock_timestamp() as now,
      array(select due_at from keysweep.tick where schedule = s.id and outcome = 'waiting'
        order by due_at) as waiting
    from keysweep.schedule s where id = ${schedule} for update
  `.execute(tx);
  return found.rows[0];
}

/**
 * The oldest waiting tick of each schedule (or of `schedule`) that has no open sweep. No simulated
 * tick waits; to say so lets PostgreSQL use the index of those that were not opened.
 */
export async function readWaitingTicks(
  database: Database,
  schedule?: string,
): Promise<readonly DueTick[]> {
  const found = await sql<DueTick>`
    select distinct on (t.schedule) t.schedule, t.due_at as "dueAt", t.trigger
    from keysweep.tick t
    where t.outcome = 'waiting' and not t.simulated
      and t.schedule = coalesce(${schedule ?? null}::text, t.schedule)
      and not exists (
        select from keysweep.sweep s where s.schedule = t.schedule and s.closed_at is null
      )
    order by t.schedule, t.due_at
  `.execute(database.db);
  return found.rows;
}
