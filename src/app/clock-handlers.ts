import { randomUUID } from 'node:crypto';
import type { JobContext } from '../../jobs/context.ts';
import { pruneEvidenceJob } from '../../jobs/prune-evidence.ts';
import { queueAlerts } from '../../jobs/queueing/queue-alerts.ts';
import { queueTicks } from '../../jobs/queueing/queue-ticks.ts';
import { reconcileJob } from '../../jobs/reconcile.ts';
import { jobId } from '../queue/job-id.ts';
import { readDatabaseTime } from '../record/sweeps/unfinished.ts';
import type { ClockHandlers } from '../schedule/start-clock.ts';
import { decideDueTicks } from './decide-due-ticks.ts';

/** What the clock calls: the opening of ticks, and the chores that every process may request. */
export function createClockHandlers(
  context: Pick<JobContext, 'database' | 'config' | 'alerting' | 'enqueue'>,
): ClockHandlers & { atStart(): Promise<void> } {
  const { database, config, alerting, enqueue } = context;
  const decide = async (fired?: { readonly schedule: string; readonly at: Date }) => {
    const { ticks, alerts } = await decideDueTicks(database, config, alerting, fired);
    await queueTicks(ticks, 0, context);
    await queueAlerts(alerts, context);
  };
  return {
    /** The id is random, so that this runs even if this minute's `reconcile` has run already. */
    async atStart() {
      await decide();
      await enqueue(reconcileJob, { id: jobId.once('reconcile', randomUUID()), payload: {} });
    },
    tick: (schedule, at) => decide({ schedule, at }),
    async everyMinute() {
      await decide();
      // The database's minute, because our own clock may go back and would repeat ids.
      const at = await readDatabaseTime(database);
      await enqueue(reconcileJob, { id: jobId.minutely('reconcile', at), payload: {} });
    },
    async everyDay() {
      const at = await readDatabaseTime(database);
      await enqueue(pruneEvidenceJob, { id: jobId.minutely('prune', at), payload: {} });
    },
  };
}
