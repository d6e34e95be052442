import { sql } from 'kysely';
import { isToBeReminded } from '../findings/remind-findings.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { lockFindings } from '../store/findings/lock-findings.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import { type EarlierSweep, readWaitingSweeps } from './read-changes.ts';

/** A sweep that is being closed. `id` is its row. */
export interface ClosingSweep {
  readonly id: number;
  readonly uuid: string;
  readonly scope: 'full' | 'partial';
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly due_at: Date | null;
  readonly opened_at: Date;
  readonly deadline_at: Date;
  readonly stopped_at: Date | null;
  readonly policy_hash: string;
  readonly simulated: boolean;
  readonly now: Date;
}

/** Undefined unless the sweep is open and all its batches are done. */
export async function lockToClose(
  tx: RecordsTransaction,
  sweepId: string,
): Promise<ClosingSweep | undefined> {
  const locked = await sql<ClosingSweep>`
    select s.id, s.uuid, s.scope, s.trigger, s.schedule, s.due_at, s.opened_at, s.deadline_at, s.stopped_at,
      s.simulated, p.hash as policy_hash, clock_timestamp() as now
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    where s.uuid = ${sweepId}::uuid and s.closed_at is null and s.open_batches = 0
    for update of s
  `.execute(tx);
  return locked.rows[0];
}

/**
 * The sweeps whose changes wait. Locked before any finding, in the same order as a release does.
 */
export async function lockHeldSweeps(tx: RecordsTransaction): Promise<readonly EarlierSweep[]> {
  await sql`select from keysweep.sweep where held = 'held' order by id for update`.execute(tx);
  return readWaitingSweeps(tx);
}

/**
 * Locks all findings that this closing may touch, at once and before anything else: those that the
 * sweep changed and, for a full sweep, those of keys that left the inventory, those whose changes
 * wait, and those with a due reminder. One list of ids, because with “or” between the conditions
 * PostgreSQL reads every finding, also to close a re-audit of one key.
 */
export async function lockTouched(
  tx: RecordsTransaction,
  { id, scope, opened_at }: ClosingSweep,
  held: readonly EarlierSweep[],
  { remindAfterMs }: Alerting,
): Promise<void> {
  const touched = [
    sql`select finding_id from keysweep.finding_event where sweep_id = ${id}`,
    sql`select finding_id from keysweep.finding_event
      where planned_at is null and sweep_id = any (${held.map((one) => one.id)}::integer[])`,
  ];
  if (scope === 'full') touched.push(ofUntrackedKeys);
  if (scope === 'full' && remindAfterMs !== undefined) {
    touched.push(
      sql`select f.id from keysweep.finding f where ${isToBeReminded(opened_at, remindAfterMs)}`,
    );
  }
  await lockFindings(tx, sql`f.id in (${sql.join(touched, sql` union all `)})`);
}

const ofUntrackedKeys = sql`
  select f.id from keysweep.finding f
  cross join lateral (
    select from keysweep.tracked_key where id = f.key_id and untracked_at is not null offset 0
  ) k
  where f.state <> 'resolved'
`;
