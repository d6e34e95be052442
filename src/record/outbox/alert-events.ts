import { sql } from 'kysely';
import type { AlertSweep } from '../../alert/message.ts';
import { type PendingEvent, planAlerts } from '../../alert/plan-alerts.ts';
import { type Coverage, toCoverage } from '../../keys/coverage.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables.ts';
import type { Alerting } from './alerting.ts';
import { markAlerted } from './pending-events.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/** The sweep that changes are told with, as messages say it. */
export interface AlertContext {
  /** Its row. */
  readonly id: number;
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** The database's clock. */
  readonly now: Date;
  /** What reminders count from: a closing sweep's opening, else now. */
  readonly asOf: Date;
}

/** Plans the alerts that tell these events, and keeps where each went. Returns the alerts. */
export async function alertEvents(
  tx: RecordsTransaction,
  events: readonly PendingEvent[],
  { id, sweep, coverage, now: at, asOf }: AlertContext,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  const plan = planAlerts({ sweep, coverage, events, destinations, at });
  await markAlerted(tx, events, plan.openedTo, asOf);
  return writeAlerts(tx, plan.alerts, { sweepId: id, destinations, at });
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
}

/** A closed sweep. */
export async function readAlertContext(
  tx: RecordsTransaction,
  sweepRow: number,
): Promise<AlertContext | undefined> {
  const found = await sql<SweepRow>`
    select id, uuid, trigger, schedule, scope, status, tracked, unknown, partial,
      clock_timestamp() as now
    from keysweep.sweep where id = ${sweepRow} and closed_at is not null
  `.execute(tx);
  const row = found.rows[0];
  if (row === undefined || row.status === null) return undefined;
  const { id, uuid, trigger, schedule, scope, status, now } = row;
  return {
    id,
    sweep: { id: uuid, trigger, schedule, scope, status },
    coverage: toCoverage(row),
    now,
    asOf: now,
  };
}
