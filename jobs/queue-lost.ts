import { jobId } from '../src/queue/job-id.ts';
import { planLostAlerts, planLostBatches } from '../src/queue/plan-lost.ts';
import { startRound, type Unfinished } from '../src/record/unfinished.ts';
import type { JobContext } from './context.ts';
import { deliverAlert } from './deliver-alert.ts';
import { queueBatches } from './queue-batches.ts';

/** Queues again the batches that the queues have lost. */
export async function queueLostBatches(
  { batches }: Pick<Unfinished, 'batches'>,
  context: JobContext,
): Promise<void> {
  if (batches.length === 0) return;
  const [audits, requests] = await Promise.all([
    context.liveIds('audits'),
    context.liveIds('requests'),
  ]);
  const lost = planLostBatches(batches, audits, requests);
  await startRound(context.database, lost);
  for (const { sweepId, scope, batch, round } of lost) {
    await queueBatches({ sweepId, scope, batches: [{ batch, round: round + 1 }] }, context);
  }
  if (lost.length > 0) context.log.warn({ batches: lost.length }, 'lost batches are queued again');
}

/** Queues again the alerts that the queue has lost. */
export async function queueLostAlerts(
  { alerts, now }: Pick<Unfinished, 'alerts' | 'now'>,
  context: JobContext,
): Promise<void> {
  if (alerts.length === 0) return;
  const minute = Math.floor(now.getTime() / 60_000);
  const jobs = planLostAlerts(alerts, await context.liveIds('alerts')).map((alert) => ({
    id: jobId.alert(alert, minute),
    payload: { alert },
  }));
  await context.enqueue(deliverAlert, ...jobs);
}
