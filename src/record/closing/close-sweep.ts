import { createPolicyCache, type PolicyCache } from '../../evaluate/policy/policy-cache.ts';
import { resolveUntracked } from '../findings/resolve-untracked.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { endLateBatches } from '../sweeps/end-late-batches.ts';
import { applyClosing } from './apply-closing.ts';
import { gatherClosing } from './gather-closing.ts';
import { type ClosingSweep, lockHeldSweeps, lockToClose, lockTouched } from './lock-closing.ts';
import { lockClosings } from './log-closing.ts';
import { planClosing } from './plan-closing.ts';
import type { EarlierSweep } from './read-changes.ts';

/** A sweep that this call closed, with the alerts that are to be delivered. */
export interface ClosedSweep {
  readonly schedule: string | null;
  readonly alerts: readonly WrittenAlert[];
}

/**
 * Closes a sweep whose batches are all done, whose deadline has passed, or that was stopped: its
 * pending keys are then unknown. Totals, alerts and the leaf of the evidence log are written in one
 * transaction. Undefined if the sweep cannot be closed yet, or is closed already.
 */
export async function closeSweep(
  database: Database,
  sweepId: string,
  alerting: Alerting,
  policies: PolicyCache = createPolicyCache(),
): Promise<ClosedSweep | undefined> {
  const lateBatches = await endLateBatches(database, sweepId, policies);
  return database.transactLong(async (tx) => {
    const sweep = await lockToClose(tx, sweepId);
    if (sweep === undefined) return undefined;
    const held = await lockAll(tx, sweep, alerting);
    const facts = await gatherClosing(tx, { sweep, held, lateBatches }, alerting);
    const plan = planClosing(facts, alerting);
    const alerts = await applyClosing(tx, facts, plan, alerting);
    return { schedule: sweep.schedule, alerts };
  });
}

/** Every transaction locks in this order: held sweeps, findings, closings, the head of the log. */
async function lockAll(
  tx: RecordsTransaction,
  sweep: ClosingSweep,
  alerting: Alerting,
): Promise<readonly EarlierSweep[]> {
  const full = sweep.scope === 'full';
  const held = full ? await lockHeldSweeps(tx) : [];
  await lockTouched(tx, sweep, held, alerting);
  // After the findings are locked and before the totals: the findings it ends belong to this sweep.
  if (full) await resolveUntracked(tx, sweep.id);
  await lockClosings(tx);
  return held;
}
