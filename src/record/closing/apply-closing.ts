import { sql } from 'kysely';
import { writeSteps } from '../outbox/alert-events.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import { writeHeartbeat } from '../outbox/write-heartbeat.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { type ClosingFacts, pendingOf } from './gather-closing.ts';
import { logClosing, nextClosing } from './log-closing.ts';
import type { ClosingPlan } from './plan-closing.ts';
import type { Totals } from './totals.ts';
import { writeFleetGroups } from './write-fleet-groups.ts';
import { endHolding, holdChanges } from './write-holding.ts';

/**
 * Closes the sweep, writes its alerts as planned, and tells the evidence log, which is locked last.
 * Returns the alerts.
 */
export async function applyClosing(
  tx: RecordsTransaction,
  facts: ClosingFacts,
  plan: ClosingPlan,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const { sweep, totals } = facts;
  const closedAt = await markClosed(tx, sweep.id, totals, plan.status);
  if (sweep.scope === 'full') await writeFleetGroups(tx, sweep.id);
  if (plan.held !== undefined) await holdChanges(tx, sweep.id, plan.held);
  if (plan.ended !== undefined) await endHolding(tx, plan.ended.sweeps, plan.ended.how);
  const alerts = await writeSteps(tx, plan.steps, pendingOf(facts), alerting);
  const { schedule, id: sweepId } = sweep;
  const { heartbeats } = alerting;
  const beats = await writeHeartbeat(tx, plan.heartbeat, { schedule, sweepId, heartbeats });
  await logClosing(tx, sweep, totals, { status: plan.status, closedAt });
  return [...alerts, ...beats];
}

async function markClosed(
  tx: RecordsTransaction,
  id: number,
  totals: Totals,
  status: ClosingPlan['status'],
): Promise<Date> {
  const closed = await tx
    .updateTable('sweep')
    .set({
      closed_at: sql<Date>`clock_timestamp()`,
      closing: nextClosing,
      status,
      unknown_hash: totals.unknownHash,
      ...totals.verdicts,
      partial: totals.coverage.partial,
    })
    .where('id', '=', id)
    .returning(sql<Date>`closed_at`.as('at'))
    .executeTakeFirstOrThrow();
  return closed.at;
}
