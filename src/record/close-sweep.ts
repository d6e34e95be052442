import { sql } from 'kysely';
import { planAlerts } from '../alert/plan-alerts.ts';
import { planIncomplete } from '../alert/plan-notices.ts';
import { createPolicyCache, type PolicyCache } from '../evaluate/policy-cache.ts';
import type { Alerting } from './alerting.ts';
import type { Database, RecordsTransaction } from './database.ts';
import { endLateBatches } from './end-late-batches.ts';
import { resolveUntracked } from './resolve-untracked.ts';
import { lockSeals, sealSweep } from './seal-sweep.ts';
import type { Trigger } from './tables.ts';
import { readTotals, type Totals } from './totals.ts';
import { keepRoutes, readUnknowns, readUntoldEvents } from './untold-events.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

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
  await endLateBatches(database, sweepId, policies);
  return database.transact(async (tx) => {
    const sweep = await lockToClose(tx, sweepId);
    if (sweep === undefined) return undefined;
    await lockFindings(tx, sweep);
    if (sweep.scope === 'full') await resolveUntracked(tx, sweep.id);
    await lockSeals(tx);
    const totals = await readTotals(tx, sweep.id);
    await sealSweep(tx, sweep, totals);
    const alerts = await planOutbox(tx, sweep, totals, alerting);
    await markClosed(tx, sweep.id, totals);
    return { schedule: sweep.schedule, alerts };
  });
}

export interface ClosingSweep {
  readonly id: number;
  readonly uuid: string;
  readonly scope: 'full' | 'partial';
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly opened_at: Date;
  readonly policy_hash: string;
  readonly now: Date;
}

async function lockToClose(
  tx: RecordsTransaction,
  sweepId: string,
): Promise<ClosingSweep | undefined> {
  const locked = await sql<ClosingSweep>`
    select s.id, s.uuid, s.scope, s.trigger, s.schedule, s.opened_at, p.hash as policy_hash,
      clock_timestamp() as now
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    where s.uuid = ${sweepId}::uuid and s.closed_at is null and s.open_batches = 0
    for update of s
  `.execute(tx);
  return locked.rows[0];
}

/**
 * All that this closing may touch, at once and in the order of their ids, before anything else is
 * locked: the sweep's own findings and those of keys that left the inventory.
 */
async function lockFindings(tx: RecordsTransaction, { id, scope }: ClosingSweep): Promise<void> {
  await sql`
    select count(*) from (
      select from keysweep.finding f
      where f.id in (select finding_id from keysweep.finding_event where sweep_id = ${id})
        or (${scope === 'full'} and f.state <> 'resolved' and f.key_id in (
          select k.id from keysweep.tracked_key k where k.untracked_at is not null
        ))
      order by f.id for no key update of f
    ) touched
  `.execute(tx);
}

async function planOutbox(
  tx: RecordsTransaction,
  sweep: ClosingSweep,
  totals: Totals,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const touched = sql`select finding_id from keysweep.finding_event where sweep_id = ${sweep.id}`;
  const events = await readUntoldEvents(tx, touched);
  const about = {
    sweep: {
      id: sweep.uuid,
      trigger: sweep.trigger,
      schedule: sweep.schedule,
      scope: sweep.scope,
      status: totals.status,
    },
    coverage: totals.coverage,
  };
  const plan = planAlerts({ ...about, events, destinations: alerting, at: sweep.now });
  const changed = sweep.scope === 'full' && totals.unknownsChanged;
  const unknowns = changed ? await readUnknowns(tx, sweep.id) : [];
  const notices = planIncomplete({ ...about, changed, unknowns, channels: alerting.channels });
  await keepRoutes(tx, events, plan.openedTo);
  return writeAlerts(tx, [...plan.alerts, ...notices], {
    sweepId: sweep.id,
    destinations: alerting,
    at: sweep.now,
  });
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
