import { randomUUID } from 'node:crypto';
import { jobId } from '../../src/queue/job-id.ts';
import type { WrittenAlert } from '../../src/record/outbox/write-alerts.ts';
import { deliverAlertsOrder } from './deliver-alerts-order.ts';
import type { Enqueue } from './enqueue.ts';

/** Wakes the channels of alerts that were planned just now. */
export async function queueAlerts(
  alerts: readonly WrittenAlert[],
  context: Enqueue,
): Promise<void> {
  const channels = new Set(alerts.map(({ channel }) => channel));
  await queueChannels([...channels], context);
}

/** Whoever is at it already may just have looked: each time is a job of its own. */
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

/** Wakes a channel after a while; what several workers find out within a second is one job. */
export async function queueLater(
  channel: string,
  waitMs: number,
  { enqueue }: Enqueue,
): Promise<void> {
  const delayMs = Math.ceil(waitMs / 1_000) * 1_000;
  const id = jobId.later(channel, new Date(Date.now() + delayMs));
  await enqueue(deliverAlertsOrder, { id, payload: { channel }, delayMs });
}
