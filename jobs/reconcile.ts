import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import {
  noteCanary,
  readUnfinished,
  startRound,
  type Unfinished,
  type UnfinishedBatch,
} from '../src/record/unfinished.ts';
import { closeSweep } from './close-sweep.ts';
import type { JobContext } from './context.ts';
import { deliverAlert } from './deliver-alert.ts';
import { openSweep } from './open-sweep.ts';
import { queueBatches } from './queue-batches.ts';
import { queueTicks } from './queue-ticks.ts';

/** Queues again, every minute, what the database says is unfinished and the queue has lost. */
export const reconcile: JobDefinition<Record<string, never>, JobContext> = {
  name: 'reconcile',
  queue: 'sweeps',
  payload: z.strictObject({}),
  attempts: 1,

  async run(_payload, context) {
    const unfinished = await readUnfinished(context.database);
    await queueSweeps(unfinished, context);
    await queueLostBatches(unfinished.batches, context);
    await queueLostAlerts(unfinished, context);
    await noteCanary(context.database);
  },
};

/** A kept job of the same id would swallow a new one, so these carry the minute. */
async function queueSweeps(unfinished: Unfinished, context: JobContext): Promise<void> {
  const minute = Math.floor(unfinished.now.getTime() / 60_000);
  const { requests, sweeps, ticks } = unfinished;
  await queueTicks(ticks, minute, context);
  await context.enqueue(
    openSweep,
    ...requests.map((request) => ({ id: jobId.request(request, minute), payload: { request } })),
  );
  await context.enqueue(
    closeSweep,
    ...sweeps.map((sweepId) => ({ id: jobId.close(sweepId, minute), payload: { sweepId } })),
  );
}

async function queueLostBatches(batches: readonly UnfinishedBatch[], context: JobContext) {
  if (batches.length === 0) return;
  const [audits, requests] = await Promise.all([
    context.liveIds('audits'),
    context.liveIds('requests'),
  ]);
  const lost = batches.filter(({ sweepId, batch, round }) => {
    const id = jobId.batch(sweepId, batch, round);
    return !audits.has(id) && !requests.has(id);
  });
  await startRound(context.database, lost);
  for (const { sweepId, scope, batch, round } of lost) {
    await queueBatches({ sweepId, scope, batches: [{ batch, round: round + 1 }] }, context);
  }
  if (lost.length > 0) context.log.warn({ batches: lost.length }, 'lost batches are queued again');
}

async function queueLostAlerts({ alerts, now }: Unfinished, context: JobContext): Promise<void> {
  if (alerts.length === 0) return;
  const live = new Set([...(await context.liveIds('alerts'))].map(jobId.alertOf));
  const minute = Math.floor(now.getTime() / 60_000);
  const jobs = alerts
    .filter((alert) => !live.has(alert))
    .map((alert) => ({ id: jobId.alert(alert, minute), payload: { alert } }));
  await context.enqueue(deliverAlert, ...jobs);
}
