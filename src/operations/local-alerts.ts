import type { Config } from '../config/config.ts';
import { releaseSweep } from '../record/closing/release-sweep.ts';
import { alertingOf } from '../record/outbox/alerting.ts';
import { retryAlerts } from '../record/outbox/retry-alert.ts';
import type { WrittenAlert } from '../record/outbox/write-alerts.ts';
import { readAlerts, readHeldSweeps, readOutcome } from '../record/reads/read-alerts.ts';
import type { Database } from '../record/store/database.ts';
import type { AlertOperations } from './operations.ts';

/** Wakes the channels of alerts that are due now. */
export type WakeAlerts = (alerts: readonly WrittenAlert[]) => Promise<void>;

/** What may be asked about alerts, of a store that this process has open. */
export function createLocalAlerts(
  database: Database,
  config: Config,
  wake: WakeAlerts,
): AlertOperations {
  return {
    readAlerts: (filter) => readAlerts(database, filter),
    readHeldSweeps: () => readHeldSweeps(database),
    readOutcome: (ids, withinMs) => readOutcome(database, ids, withinMs),
    async retryAlerts(request) {
      const retried = await retryAlerts(database, request, alertingOf(config));
      await wake(retried.queued).catch(() => undefined);
      return retried;
    },
    async releaseSweep(sweepId) {
      const released = await releaseSweep(database, sweepId, alertingOf(config));
      await wake(released).catch(() => undefined);
      return released;
    },
  };
}
