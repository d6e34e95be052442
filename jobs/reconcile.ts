import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { lapseWaivers } from '../src/record/findings/lapse-waivers.ts';
import { noteCanary, readUnfinished, type Unfinished } from '../src/record/sweeps/unfinished.ts';
import { closeSweepJob } from './close-sweep.ts';
import type { JobContext } from './context.ts';
import { openSweepJob } from './open-sweep.ts';
import { queueAlerts, queueChannels } from './queueing/queue-alerts.ts';
import { queueLostBatches } from './queueing/queue-lost-batches.ts';
import { queueTicks } from './queueing/queue-ticks.ts';

/**
 * Queues again, every minute, what the database says is unfinished and the queue has lost, and opens
 * the findings whose waiver has ended.
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
    await noteCanary(context.database);
  },
};

/** A kept job of the same id would swallow a new one, so these carry the minute. */
async function queueSweeps(unfinished: Unfinished, context: JobContext): Promise<void> {
  const minute = Math.floor(unfinished.now.getTime() / 60_000);
  const { requests, sweeps, ticks } = unfinished;
  await queueTicks(ticks, minute, context);
  await context.enqueue(
    openSweepJob,
    ...requests.map((request) => ({ id: jobId.request(request, minute), payload: { request } })),
  );
  await context.enqueue(
    closeSweepJob,
    ...sweeps.map((sweepId) => ({ id: jobId.close(sweepId, minute), payload: { sweepId } })),
  );
}
