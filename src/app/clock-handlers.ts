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

/** What the clock wakes: the opening of ticks, and the chores that every process may call for. */
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
    /** What this process finds when it starts, whatever the minute's look has seen before. */
    async atStart() {
      await decide();
      await enqueue(reconcileJob, { id: jobId.once('reconcile', randomUUID()), payload: {} });
    },
    tick: (schedule, at) => decide({ schedule, at }),
    async everyMinute() {
      await decide();
      // By the database's minute: where our own clock goes back, ids would come again.
      const at = await readDatabaseTime(database);
      await enqueue(reconcileJob, { id: jobId.minutely('reconcile', at), payload: {} });
    },
    async everyDay() {
      const at = await readDatabaseTime(database);
      await enqueue(pruneEvidenceJob, { id: jobId.minutely('prune', at), payload: {} });
    },
  };
}
