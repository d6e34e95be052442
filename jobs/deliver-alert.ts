import { z } from 'zod';
import { deliver } from '../src/alert/deliver.ts';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { AlertUndelivered } from '../src/record/errors.ts';
import { claimAlert, recordAttempt } from '../src/record/outbox.ts';
import type { JobContext } from './context.ts';

const payload = z.strictObject({ alert: z.uuid() });

/** Sends one row of the outbox to its channel, once an attempt; tried again for a day. */
export const deliverAlert: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'deliver-alert',
  queue: 'alerts',
  payload,
  attempts: 10_000,

  async run({ alert: id }, { database, channels, enqueue, lease, signal }) {
    const alert = await claimAlert(database, id, lease.ms);
    if (alert === undefined) return;
    const attempt = await deliver(alert, channels, signal, Math.random());
    const told = await recordAttempt(database, alert, attempt);
    await queueAlerts(told, { enqueue });
    if (attempt.plan.kind === 'retry') throw new AlertUndelivered(id, attempt.plan.delayMs);
  },
};

/** Queues alerts that were planned just now. */
export async function queueAlerts(
  alerts: readonly string[],
  { enqueue }: Pick<JobContext, 'enqueue'>,
): Promise<void> {
  const jobs = alerts.map((alert) => ({ id: jobId.alert(alert, 0), payload: { alert } }));
  await enqueue(deliverAlert, ...jobs);
}
