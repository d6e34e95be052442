import { randomUUID } from 'node:crypto';
import { jobId } from '../../src/queue/job-id.ts';
import type { WrittenAlert } from '../../src/record/outbox/write-alerts.ts';
import { deliverAlertsOrder } from './deliver-alerts-order.ts';
import type { Enqueue } from './enqueue.ts';

/** Queues the delivery of alerts that were just written. */
export async function queueAlerts(
  alerts: readonly WrittenAlert[],
  context: Enqueue,
): Promise<void> {
  const channels = new Set(alerts.map(({ channel }) => channel));
  await queueChannels([...channels], context);
}

/** Queues a new job each time, because a running one may already have looked. */
export async function queueChannels(
  channels: readonly string[],
  { enqueue }: Enqueue,
): Promise<void> {
  const jobs = channels.map((channel) => ({
    id: jobId.once('alerts', randomUUID()),
    payload: { channel },
  }));
  await enqueue(deliverAlertsOrder, ...jobs);
}

/** Queues a delayed delivery; calls for the same second make one job. */
export async function queueLater(
  channel: string,
  waitMs: number,
  { enqueue }: Enqueue,
): Promise<void> {
  const delayMs = Math.ceil(waitMs / 1_000) * 1_000;
  const id = jobId.later(channel, new Date(Date.now() + delayMs));
  await enqueue(deliverAlertsOrder, { id, payload: { channel }, delayMs });
}
