import { sql } from 'kysely';
import type { Database } from '../store/database.ts';
import { type DueTick, readWaitingTicks } from './ticks.ts';

/** Work that is pending in the database and that no worker holds. */
export interface Unfinished {
  readonly requests: readonly string[];
  readonly ticks: readonly DueTick[];
  readonly batches: readonly UnfinishedBatch[];
  /** Sweeps to close: no batch is open, the deadline has passed, or somebody stopped them. */
  readonly sweeps: readonly string[];
  /** Channels with a due alert that no worker delivers. */
  readonly channels: readonly string[];
  /** The database's clock. */
  readonly now: Date;
}

export interface UnfinishedBatch {
  readonly sweepId: string;
  readonly scope: 'full' | 'partial';
  readonly batch: number;
  readonly round: number;
}

/** Skips work that was written this recently, because its job may not be queued yet. */
const graceSeconds = 10;

/** Whether the grace has passed. Work of the future was written before the clock was set back. */
function isPast(column: string) {
  const at = sql.ref(column);
  const grace = sql.raw(`interval '${graceSeconds} seconds'`);
  return sql`(${at} < now() - ${grace} or ${at} > now() + ${grace})`;
}

export async function readUnfinished(database: Database): Promise<Unfinished> {
  const { db } = database;
  const requests = await sql<{ id: string }>`
    select id from keysweep.request
    where sweep_id is null and refused is null and ${isPast('asked_at')}
  `.execute(db);
  const batches = await sql<UnfinishedBatch>`
    select s.uuid as "sweepId", s.scope, b.batch, b.round
    from keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
    where s.closed_at is null and b.done_at is null and ${isPast('s.opened_at')}
      and (b.leased_until is null or b.leased_until < now())
    order by s.id, b.batch
  `.execute(db);
  const sweeps = await sql<{ uuid: string }>`
    select uuid from keysweep.sweep
    where closed_at is null and (open_batches = 0 or deadline_at <= now() or stopped_at is not null)
  `.execute(db);
  const alerts = await sql<{ channel: string }>`
    select channel from keysweep.alert
    where state = 'pending' and next_at < now() - interval '${sql.raw(String(graceSeconds))} seconds'
      and (leased_until is null or leased_until < now())
    group by channel
  `.execute(db);
  return {
    requests: requests.rows.map(({ id }) => id),
    ticks: await readWaitingTicks(database),
    batches: batches.rows,
    sweeps: sweeps.rows.map(({ uuid }) => uuid),
    channels: alerts.rows.map(({ channel }) => channel),
    now: (await readDatabaseTimes(database)).now,
  };
}

/** The database's clock, and when `reconcile` last ran by it; null if it never did. */
export interface DatabaseTimes {
  readonly now: Date;
  readonly reconciledAt: Date | null;
}

export async function readDatabaseTimes(database: Database): Promise<DatabaseTimes> {
  const found = await sql<DatabaseTimes>`
    select clock_timestamp() as now, (select finished_at from keysweep.canary) as "reconciledAt"
  `.execute(database.db);
  return found.rows[0] ?? { now: new Date(0), reconciledAt: null };
}

/** Counts a batch as queued once more; its next job has another id. */
export async function startRound(
  database: Database,
  batches: readonly UnfinishedBatch[],
): Promise<void> {
  if (batches.length === 0) return;
  await sql`
    update keysweep.sweep_batch b set round = n.round + 1
    from keysweep.sweep s, jsonb_to_recordset(${JSON.stringify(batches)}::jsonb)
      as n ("sweepId" uuid, batch integer, round integer)
    where s.uuid = n."sweepId" and b.sweep_id = s.id and b.batch = n.batch and b.round = n.round
  `.execute(database.db);
}
