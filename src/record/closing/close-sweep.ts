import { sql } from 'kysely';
import { createPolicyCache, type PolicyCache } from '../../evaluate/policy/policy-cache.ts';
import { isToBeReminded } from '../findings/remind-findings.ts';
import { resolveUntracked } from '../findings/resolve-untracked.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import { writeHeartbeat } from '../outbox/write-heartbeat.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables.ts';
import { endLateBatches } from '../sweeps/end-late-batches.ts';
import { alertSweep } from './alert-sweep.ts';
import { decideHolding } from './hold-changes.ts';
import { type EarlierSweep, readWaitingSweeps } from './read-changes.ts';
import { lockSeals, sealSweep } from './seal-sweep.ts';
import { readTotals, type Totals } from './totals.ts';

/** A sweep that this call closed, with the alerts that are to be delivered. */
export interface ClosedSweep {
  readonly schedule: string | null;
  readonly alerts: readonly WrittenAlert[];
}

/**
 * Closes a sweep whose batches are all done, or whose deadline has passed: what is pending is then
 * unknown. Totals, seal and alerts are written in one transaction. Undefined when there is nothing
 * to close (yet, or any more).
 */
export async function closeSweep(
  database: Database,
  sweepId: string,
  alerting: Alerting,
  policies: PolicyCache = createPolicyCache(),
): Promise<ClosedSweep | undefined> {
  const late = await endLateBatches(database, sweepId, policies);
  return database.transact(async (tx) => {
    const sweep = await lockToClose(tx, sweepId);
    if (sweep === undefined) return undefined;
    const held = sweep.scope === 'full' ? await lockHeldSweeps(tx) : [];
    await lockFindings(tx, sweep, held, alerting);
    if (sweep.scope === 'full') await resolveUntracked(tx, sweep.id);
    await lockSeals(tx);
    const totals = await readTotals(tx, sweep.id);
    await sealSweep(tx, sweep, totals);
    await markClosed(tx, sweep.id, totals);
    const alerted = await alertClosed(tx, sweep, totals, { held, alerting });
    const { schedule, id, now } = sweep;
    const beat = late > 0 || sweep.deadline_at < now ? 'fail' : 'success';
    const { heartbeats } = alerting;
    const beats = await writeHeartbeat(tx, beat, { schedule, sweepId: id, heartbeats });
    return { schedule, alerts: [...alerted, ...beats] };
  });
}

export interface ClosingSweep {
  readonly id: number;
  readonly uuid: string;
  readonly scope: 'full' | 'partial';
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly opened_at: Date;
  readonly deadline_at: Date;
  readonly policy_hash: string;
  readonly now: Date;
}

async function lockToClose(
  tx: RecordsTransaction,
  sweepId: string,
): Promise<ClosingSweep | undefined> {
  const locked = await sql<ClosingSweep>`
    select s.id, s.uuid, s.scope, s.trigger, s.schedule, s.opened_at, s.deadline_at, p.hash as policy_hash,
      clock_timestamp() as now
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    where s.uuid = ${sweepId}::uuid and s.closed_at is null and s.open_batches = 0
    for update of s
  `.execute(tx);
  return locked.rows[0];
}

/** Whose changes wait. Locked before any finding, as releasing them does. */
async function lockHeldSweeps(tx: RecordsTransaction): Promise<readonly EarlierSweep[]> {
  await sql`select from keysweep.sweep where held = 'held' order by id for update`.execute(tx);
  return readWaitingSweeps(tx);
}

/**
 * All that this closing may touch, at once and in the order of their ids, before anything else is
 * locked: the sweep's own findings, and of a full sweep those of keys that left the inventory, those
 * whose changes wait, and those that somebody is to be reminded of.
 */
async function lockFindings(
  tx: RecordsTransaction,
  { id, scope, opened_at }: ClosingSweep,
  held: readonly EarlierSweep[],
  { remindAfterMs }: Alerting,
): Promise<void> {
  const full = scope === 'full';
  const remind =
    full && remindAfterMs !== undefined ? isToBeReminded(opened_at, remindAfterMs) : sql`false`;
  await sql`
    select count(*) from (
      select from keysweep.finding f
      where f.id in (select finding_id from keysweep.finding_event where sweep_id = ${id})
        or (${full} and f.state <> 'resolved' and f.key_id in (
          select k.id from keysweep.tracked_key k where k.untracked_at is not null
        ))
        or f.id in (
          select finding_id from keysweep.finding_event
          where planned_at is null and sweep_id = any (${held.map((one) => one.id)}::integer[])
        )
        or ${remind}
      order by f.id for no key update of f
    ) touched
  `.execute(tx);
}

async function alertClosed(
  tx: RecordsTransaction,
  sweep: ClosingSweep,
  totals: Totals,
  { held, alerting }: { readonly held: readonly EarlierSweep[]; readonly alerting: Alerting },
): Promise<readonly WrittenAlert[]> {
  const { id, uuid, trigger, schedule, scope, opened_at, now } = sweep;
  const { status, coverage, unknownsChanged } = totals;
  const holding =
    scope === 'full'
      ? await decideHolding(tx, id, held, alerting)
      : ({ kind: 'alert', confirmed: [] } as const);
  const about = { sweep: { id: uuid, trigger, schedule, scope, status }, coverage };
  return alertSweep(tx, { id, ...about, now, asOf: opened_at, unknownsChanged }, holding, alerting);
}

async function markClosed(tx: RecordsTransaction, id: number, totals: Totals): Promise<void> {
  await tx
    .updateTable('sweep')
    .set({
      closed_at: sql<Date>`clock_timestamp()`,
      status: totals.status,
      unknown_hash: totals.unknownHash,
      ...totals.verdicts,
      partial: totals.coverage.partial,
    })
    .where('id', '=', id)
    .execute();
}
