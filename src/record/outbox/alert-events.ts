import { sql } from 'kysely';
import type { PendingEvent } from '../../alert/plan/plan-alerts.ts';
import { toCoverage } from '../../keys/coverage.ts';
import { markSimulated } from '../../report/simulated.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import type { Alerting } from './alerting.ts';
import { markAlerted } from './pending-events.ts';
import { type AlertContext, type AlertStep, planAlertStep } from './plan-alert-step.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/** Plans the alerts about these events, and writes them. Returns the alerts. */
export async function alertEvents(
  tx: RecordsTransaction,
  events: readonly PendingEvent[],
  context: AlertContext,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  return writeSteps(tx, [planAlertStep(context, events, destinations)], destinations);
}

/** Writes the alerts of each step, and marks its events, in the order given. Returns the alerts. */
export async function writeSteps(
  tx: RecordsTransaction,
  steps: readonly AlertStep[],
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  const written: WrittenAlert[] = [];
  for (const { context, alerts, events, openedTo } of steps) {
    await markAlerted(tx, events, openedTo, context.asOf);
    const writing = { sweepId: context.id, destinations, at: context.now };
    written.push(...(await writeAlerts(tx, alerts, writing)));
  }
  return written;
}

interface SweepRow {
  readonly id: number;
  readonly uuid: string;
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly scope: 'full' | 'partial';
  readonly status: 'complete' | 'incomplete' | null;
  readonly tracked: number;
  readonly unknown: number;
  readonly partial: number;
  readonly now: Date;
  readonly simulated: boolean;
}

/** Undefined while the sweep is open. */
export async function readAlertContext(
  tx: RecordsTransaction,
  sweepRow: number,
): Promise<AlertContext | undefined> {
  const found = await sql<SweepRow>`
    select id, uuid, trigger, schedule, scope, status, tracked, unknown, partial, simulated,
      clock_timestamp() as now
    from keysweep.sweep where id = ${sweepRow} and closed_at is not null
  `.execute(tx);
  const row = found.rows[0];
  if (row === undefined || row.status === null) return undefined;
  const { id, uuid, trigger, schedule, scope, status, now } = row;
  return {
    id,
    sweep: { id: uuid, trigger, schedule, scope, status, ...markSimulated(row.simulated) },
    coverage: toCoverage(row),
    now,
    asOf: now,
  };
}
