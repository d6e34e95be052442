import { sql } from 'kysely';
import type { PlannedAlert } from '../../alert/message.ts';
import type { Anomaly } from '../../alert/plan-anomaly.ts';
import { planAnomalyNotice, planIncomplete, planRecovered } from '../../alert/plan-notices.ts';
import { planWithdrawal } from '../../alert/plan-withdrawal.ts';
import { remindFindings } from '../findings/remind-findings.ts';
import { type AlertContext, alertEvents, readAlertContext } from '../outbox/alert-events.ts';
import type { Alerting } from '../outbox/alerting.ts';
import {
  markAlerted,
  pendingFindingsOf,
  readPendingEvents,
  readUnknowns,
} from '../outbox/pending-events.ts';
import { type WrittenAlert, writeAlerts } from '../outbox/write-alerts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { endHolding, type Holding, holdChanges } from './hold-changes.ts';
import type { EarlierSweep } from './read-changes.ts';

/** A sweep that is being closed, its totals known. */
export interface ClosedSoFar extends AlertContext {
  /** Whether the set of unknown keys is another than that of the full sweep before. */
  readonly unknownsChanged: boolean;
}

/**
 * Plans all that is to be told when a sweep closes: what it changed, what was held before and is not
 * any more, reminders, and that it is incomplete or anomalous. In this order, so that of a finding
 * nothing is told before what happened to it first. Returns the alerts.
 */
export async function alertSweep(
  tx: RecordsTransaction,
  closing: ClosedSoFar,
  holding: Holding,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const alerted = await alertChanges(tx, closing, holding, alerting);
  return [
    ...alerted,
    ...(await writeNotices(tx, closing, await planUnknowns(tx, closing, alerting), alerting)),
  ];
}

async function alertChanges(
  tx: RecordsTransaction,
  closing: ClosedSoFar,
  holding: Holding,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  switch (holding.kind) {
    case 'hold':
      return alertAnomaly(tx, closing, holding.anomaly, alerting);
    case 'recovered':
      return alertRecovered(tx, closing, holding.withdrawn, alerting);
    case 'alert': {
      const before = await alertConfirmed(tx, closing, holding.confirmed, alerting);
      if (closing.sweep.scope === 'full') {
        await remindFindings(tx, closing, alerting.remindAfterMs);
      }
      const events = await readPendingEvents(tx, touchedBy(closing.id));
      return [...before, ...(await alertEvents(tx, events, closing, alerting))];
    }
    default:
      return holding satisfies never;
  }
}

function touchedBy(sweepRow: number) {
  return sql`select finding_id from keysweep.finding_event where sweep_id = ${sweepRow}`;
}

async function alertAnomaly(
  tx: RecordsTransaction,
  closing: ClosedSoFar,
  anomaly: Anomaly,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const held = await holdChanges(tx, closing.id, anomaly);
  const { sweep, coverage } = closing;
  const said = { sweep, coverage, ...anomaly, held };
  return writeNotices(tx, closing, planAnomalyNotice(said, alerting.channels), alerting);
}

/** Each sweep's changes in its own name; those of the one that confirms them are told after. */
async function alertConfirmed(
  tx: RecordsTransaction,
  closing: ClosedSoFar,
  confirmed: readonly EarlierSweep[],
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  await endHolding(tx, confirmed, 'confirmed');
  const alerted: WrittenAlert[] = [];
  for (const { id, uuid } of confirmed) {
    const context = await readAlertContext(tx, id);
    if (context === undefined) continue;
    const events = await readPendingEvents(tx, pendingFindingsOf(id), closing.id);
    alerted.push(...(await alertEvents(tx, events, context, alerting)));
    const { sweep, coverage } = closing;
    const said = { sweep, coverage, anomaly: uuid, how: 'confirmed', withdrawn: 0 } as const;
    alerted.push(...(await writeNotices(tx, closing, planRecovered(said, alerting), alerting)));
  }
  return alerted;
}

/** What has gone back is told to nobody; what has not is told with what this sweep changed. */
async function alertRecovered(
  tx: RecordsTransaction,
  closing: ClosedSoFar,
  withdrawn: readonly EarlierSweep[],
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  await endHolding(tx, withdrawn, 'withdrawn');
  const notices: PlannedAlert[] = [];
  const alerted: WrittenAlert[] = [];
  for (const { id, uuid } of withdrawn) {
    const plan = planWithdrawal(await readPendingEvents(tx, pendingFindingsOf(id)));
    await markAlerted(tx, plan.withdrawn, new Map(), closing.asOf);
    alerted.push(...(await alertEvents(tx, plan.kept, closing, alerting)));
    const { sweep, coverage } = closing;
    const said = {
      sweep,
      coverage,
      anomaly: uuid,
      how: 'withdrawn',
      withdrawn: plan.findings,
    } as const;
    notices.push(...planRecovered(said, alerting));
  }
  const events = await readPendingEvents(tx, touchedBy(closing.id));
  alerted.push(...(await alertEvents(tx, events, closing, alerting)));
  return [...alerted, ...(await writeNotices(tx, closing, notices, alerting))];
}

async function planUnknowns(
  tx: RecordsTransaction,
  { id, sweep, coverage, unknownsChanged }: ClosedSoFar,
  { channels }: Alerting,
): Promise<readonly PlannedAlert[]> {
  const changed = sweep.scope === 'full' && unknownsChanged;
  const unknowns = changed ? await readUnknowns(tx, id) : [];
  return planIncomplete({ sweep, coverage, changed, unknowns, channels });
}

function writeNotices(
  tx: RecordsTransaction,
  { id: sweepId, now: at }: AlertContext,
  notices: readonly PlannedAlert[],
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  return writeAlerts(tx, notices, { sweepId, destinations, at });
}
