import { sql } from 'kysely';
import type { Heartbeats } from '../../alert/alerts-config.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import { writeHeartbeat } from '../outbox/write-heartbeat.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import type { TickOutcome } from '../store/tables/tables.ts';
import { lockSchedule } from './lock-schedule.ts';
import { type OpenedSweep, type SweepInputs, writeSweep } from './write-sweep.ts';

export interface TickOrder {
  readonly schedule: string;
  readonly dueAt: Date;
  readonly trigger: Exclude<Trigger, 'request'>;
  readonly overlap: 'skip' | 'queue';
  readonly deadlineMs: number;
  /** The schedules that have a heartbeat; it is called when their sweeps open. */
  readonly heartbeats?: Heartbeats;
}

/**
 * Opens the sweep of a tick, whole or not at all, or returns the sweep that is already open for the
 * tick. Returns `skipped` if the tick is dropped because the schedule's previous sweep is open, and
 * undefined if the tick waits for that sweep to close, was decided before, or is not due yet.
 */
export async function openTickSweep(
  database: Database,
  order: TickOrder,
  inputs: SweepInputs,
): Promise<OpenedSweep | 'skipped' | undefined> {
  return database.transactLong(async (tx) => {
    await lockSchedule(tx, order.schedule);
    const decided = await tickOutcome(tx, order);
    if (decided?.sweep != null) return readOpened(tx, decided.sweep);
    if (decided !== undefined && decided.outcome !== 'waiting') return undefined;
    if (decided === undefined && (await isInFuture(tx, order.dueAt))) return undefined;
    if (await mustWait(tx, order)) return keepClosed(tx, order);
    const sweep = await writeSweep(tx, { ...order, scope: 'full', keys: undefined }, inputs);
    await decideTick(tx, order, 'opened', sweep.id);
    const { schedule, heartbeats = new Map() } = order;
    await writeHeartbeat(tx, 'start', { schedule, sweepId: sweep.id, heartbeats });
    return sweep.opened;
  });
}

/** A job may come from before the clock was set back; its tick is due when its time comes again. */
async function isInFuture(tx: RecordsTransaction, dueAt: Date): Promise<boolean> {
  const found = await sql<{ future: boolean }>`
    select ${dueAt}::timestamptz > clock_timestamp() as future
  `.execute(tx);
  return found.rows[0]?.future === true;
}

async function keepClosed(tx: RecordsTransaction, order: TickOrder) {
  const outcome = order.overlap === 'queue' ? 'waiting' : 'skipped';
  await decideTick(tx, order, outcome, null);
  if (outcome === 'waiting') return undefined;
  const { schedule, dueAt } = order;
  await appendLeaf(tx, {
    ...{ event: 'sweep-skipped', schedule, dueAt: dueAt.toISOString(), because: 'overlap' },
  });
  return outcome;
}

/** Opens the sweep of a request. Throws `RequestRefused` if the request names unknown keys. */
export async function openRequestedSweep(
  database: Database,
  requestId: string,
  deadlineMs: number,
  inputs: SweepInputs,
): Promise<OpenedSweep | undefined> {
  return database.transactLong(async (tx) => {
    const request = await tx
      .selectFrom('request')
      .selectAll()
      .where('id', '=', requestId)
      .forUpdate()
      .executeTakeFirst();
    if (request === undefined || request.refused !== null) return undefined;
    if (request.sweep_id !== null) return readOpened(tx, request.sweep_id);
    const order = {
      trigger: 'request' as const,
      schedule: null,
      dueAt: null,
      scope: request.scope,
      keys: request.keys ?? undefined,
      deadlineMs,
    };
    const sweep = await writeSweep(tx, order, inputs);
    await tx
      .updateTable('request')
      .set({ sweep_id: sweep.id })
      .where('id', '=', requestId)
      .execute();
    return sweep.opened;
  });
}

async function tickOutcome(tx: RecordsTransaction, { schedule, dueAt }: TickOrder) {
  return tx
    .selectFrom('tick')
    .select(['outcome', 'sweep_id as sweep'])
    .where('schedule', '=', schedule)
    .where('due_at', '=', dueAt)
    .executeTakeFirst();
}

async function hasOpenSweep(tx: RecordsTransaction, schedule: string): Promise<boolean> {
  const open = await tx
    .selectFrom('sweep')
    .select('id')
    .where('schedule', '=', schedule)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
}

/** A schedule has one sweep open at a time; queued ticks are opened in their order. */
async function mustWait(tx: RecordsTransaction, order: TickOrder): Promise<boolean> {
  return (await hasOpenSweep(tx, order.schedule)) || isOvertaking(tx, order);
}

async function isOvertaking(
  tx: RecordsTransaction,
  { schedule, dueAt, overlap }: TickOrder,
): Promise<boolean> {
  if (overlap !== 'queue') return false;
  const older = await tx
    .selectFrom('tick')
    .select('due_at')
    .where('schedule', '=', schedule)
    .where('outcome', '=', 'waiting')
    .where('due_at', '<', dueAt)
    .executeTakeFirst();
  return older !== undefined;
}

async function decideTick(
  tx: RecordsTransaction,
  { schedule, dueAt, trigger }: TickOrder,
  outcome: TickOutcome,
  sweep: number | null,
): Promise<void> {
  await tx
    .insertInto('tick')
    .values({ schedule, due_at: dueAt, trigger, outcome, sweep_id: sweep })
    .onConflict((on) =>
      on.columns(['schedule', 'due_at']).doUpdateSet({ outcome, sweep_id: sweep }),
    )
    .execute();
}

/** The batches of an open sweep that are not done, so must be queued. */
async function readOpened(
  tx: RecordsTransaction,
  sweepId: number,
): Promise<OpenedSweep | undefined> {
  const sweep = await tx
    .selectFrom('sweep')
    .select(['uuid', 'scope', 'closed_at'])
    .where('id', '=', sweepId)
    .executeTakeFirst();
  if (sweep === undefined || sweep.closed_at !== null) return undefined;
  const batches = await tx
    .selectFrom('sweep_batch')
    .select(['batch', 'round'])
    .where('sweep_id', '=', sweepId)
    .where('done_at', 'is', null)
    .orderBy('batch')
    .execute();
  return { sweepId: sweep.uuid, scope: sweep.scope, batches };
}
