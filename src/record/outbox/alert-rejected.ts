import { sql } from 'kysely';
import { planRejected, type RejectedFiles } from '../../alert/plan/plan-notices.ts';
import type { Database } from '../store/database.ts';
import type { Alerting } from './alerting.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/**
 * Alerts all channels about files that are not used, once for each `content` (a hash), whichever
 * process finds it and however often. Returns the alerts.
 */
export async function alertRejected(
  database: Database,
  content: string,
  rejected: RejectedFiles,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const first = await sql<{ now: Date }>`
      insert into keysweep.rejection (content) values (${content})
      on conflict (content) do nothing returning clock_timestamp() as now
    `.execute(tx);
    const [row] = first.rows;
    if (row === undefined) return [];
    const alerts = planRejected(rejected, alerting.channels);
    return writeAlerts(tx, alerts, { sweepId: null, destinations: alerting, at: row.now });
  });
}
