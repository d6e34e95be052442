import { randomUUID } from 'node:crypto';
import { jobId } from '../src/queue/job-id.ts';
import { readDatabaseTime } from '../src/record/unfinished.ts';
import { decideDueTicks } from '../src/schedule/decide-due-ticks.ts';
import type { Alarms } from '../src/schedule/start-clock.ts';
import type { JobContext } from './context.ts';
import { pruneEvidence } from './prune-evidence.ts';
import { queueAlerts } from './queue-alerts.ts';
import { queueTicks } from './queue-ticks.ts';
import { reconcile } from './reconcile.ts';

/** What the clock wakes: the opening of ticks, and the chores that every process may call for. */
export function createAlarms(
  context: Pick<JobContext, 'database' | 'config' | 'alerting' | 'enqueue'>,
): Alarms & { atStart(): Promise<void> } {
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
      await enqueue(reconcile, { id: jobId.once('reconcile', randomUUID()), payload: {} });
    },
    tick: (schedule, at) => decide({ schedule, at }),
    async everyMinute() {
      await decide();
      // By the database's minute: where our own clock goes back, ids would come again.
      const at = await readDatabaseTime(database);
      await enqueue(reconcile, { id: jobId.minutely('reconcile', at), payload: {} });
    },
    async everyDay() {
      const at = await readDatabaseTime(database);
      await enqueue(pruneEvidence, { id: jobId.minutely('prune', at), payload: {} });
    },
  };
}
