import { type RawBuilder, sql } from 'kysely';
import { toCoverage } from '../../keys/coverage.ts';
import { markSimulated } from '../../report/simulated.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { Trigger } from '../store/tables/sweep-tables.ts';
import { alertChanges } from './alert-changes.ts';
import type { AlertContext, AlertStep } from './alert-step.ts';
import type { Alerting } from './alerting.ts';
import { markPlanned } from './mark-alerted.ts';
import type { SweepEvent } from './pending-events.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/**
 * Writes the alerts of each step, and marks its events, in the order given. `pending`: an SQL list
 * of the ids of all events that are to be alerted. Returns the alerts.
 */
export async function writeSteps(
  tx: RecordsTransaction,
  steps: readonly AlertStep[],
  pending: RawBuilder<unknown>,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  const written: WrittenAlert[] = [];
  for (const step of steps) {
    for (const alert of await writeStep(tx, step, pending, destinations)) written.push(alert);
  }
  return written;
}

async function writeStep(
  tx: RecordsTransaction,
  step: AlertStep,
  pending: RawBuilder<unknown>,
  destinations: Alerting,
): Promise<readonly WrittenAlert[]> {
  const { context } = step;
  switch (step.kind) {
    case 'changes':
      return alertChanges(tx, listed(step.events), context, destinations);
    case 'rest':
      return alertChanges(tx, pending, context, destinations);
    case 'withdrawal':
      await markPlanned(tx, step.events);
      return [];
    case 'notices':
      return writeAlerts(tx, step.alerts, { sweepId: context.id, destinations, at: context.now });
    default:
      return step satisfies never;
  }
}

function listed(events: readonly SweepEvent[]): RawBuilder<unknown> {
  return sql`select unnest(${events.map(({ id }) => id)}::bigint[])`;
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
