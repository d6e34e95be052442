import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { lapseWaivers } from '../src/record/findings/lapse-waivers.ts';
import { followReviews } from '../src/record/reviews/follow-reviews.ts';
import { readUnfinished, type Unfinished } from '../src/record/sweeps/unfinished.ts';
import type { JobContext } from './context.ts';
import { queueAlerts, queueChannels } from './queueing/queue-alerts.ts';
import { queueClosing } from './queueing/queue-closing.ts';
import { queueLostBatches } from './queueing/queue-lost-batches.ts';
import { queueRequests } from './queueing/queue-requests.ts';
import { queueTicks } from './queueing/queue-ticks.ts';

/**
 * Runs every minute: queues the unfinished work that the queue has lost, opens the findings whose
 * waiver has ended, and follows the reviews.
 */
export const reconcileJob: JobDefinition<Record<string, never>, JobContext> = {
  name: 'reconcile',
  queue: 'sweeps',
  payload: z.strictObject({}),
  attempts: 1,

  async run(_payload, context) {
    const unfinished = await readUnfinished(context.database);
    await queueSweeps(unfinished, context);
    await queueLostBatches(unfinished, context);
    await queueChannels(unfinished.channels, context);
    await queueAlerts(await lapseWaivers(context.database, context.alerting), context);
    const { database, config, alerting, log } = context;
    const { opened, alerts } = await followReviews(database, config, alerting);
    await queueAlerts(alerts, context);
    if (opened > 0) log.info({ reviews: opened }, 'reviews have opened');
  },
};

async function queueSweeps(unfinished: Unfinished, context: JobContext): Promise<void> {
  // Not the minute: it comes again if the clock is set back, and the queue keeps the ids it had.
  const round = unfinished.now.getTime();
  await queueTicks(unfinished.ticks, round, context);
  await queueRequests(unfinished.requests, round, context);
  await queueClosing(unfinished.sweeps, round, context);
}
