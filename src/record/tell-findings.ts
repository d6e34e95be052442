import { sql } from 'kysely';
import { planAlerts } from '../alert/plan-alerts.ts';
import type { Alerting } from './alerting.ts';
import type { RecordsTransaction } from './database.ts';
import type { Trigger } from './tables.ts';
import { keepRoutes, readUntoldEvents } from './untold-events.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/** The sweep that a change between two sweeps is told with: the full one closed last. */
export interface LatestSweep {
  readonly id: number;
  readonly uuid: string;
  readonly trigger: Trigger;
  readonly schedule: string | null;
  readonly scope: 'full' | 'partial';
  /** Null: it is the first there is, and still open. */
  readonly status: 'complete' | 'incomplete' | null;
  readonly tracked: number;
  readonly unknown: number;
  readonly partial: number;
  readonly now: Date;
}

/** Undefined only where there is no sweep at all, and so no finding. */
export async function readLatestSweep(tx: RecordsTransaction): Promise<LatestSweep | undefined> {
  const found = await sql<LatestSweep>`
    select id, uuid, trigger, schedule, scope, status, tracked, unknown, partial,
      clock_timestamp() as now
    from keysweep.sweep
    order by closed_at is null, scope = 'partial', closed_at desc, id desc limit 1
  `.execute(tx);
  return found.rows[0];
}

/**
 * Plans the alerts for what happened to these findings outside of a sweep, and for all else of them
 * that is not told. Where no sweep has closed yet the closing of the first will tell it. Whoever
 * calls has locked the findings. Returns the alerts.
 */
export async function tellFindings(
  tx: RecordsTransaction,
  findings: readonly number[],
  sweep: LatestSweep,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const { uuid: id, trigger, schedule, scope, status, tracked, unknown, partial } = sweep;
  if (status === null) return [];
  const events = await readUntoldEvents(tx, sql`select unnest(${findings}::integer[])`);
  const plan = planAlerts({
    sweep: { id, trigger, schedule, scope, status },
    coverage: { tracked, audited: tracked - unknown, unknown, partial },
    events,
    destinations: alerting,
    at: sweep.now,
  });
  await keepRoutes(tx, events, plan.openedTo);
  return writeAlerts(tx, plan.alerts, {
    sweepId: sweep.id,
    destinations: alerting,
    at: sweep.now,
  });
}
