import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { unknownPace } from '../src/alert/channel-pace.ts';
import { deliver } from '../src/alert/deliver.ts';
import { lateSignal } from '../src/alert/late-signal.ts';
import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { type ClaimedAlert, claimAlerts, renewAlerts } from '../src/record/outbox.ts';
import { recordAttempt } from '../src/record/record-attempt.ts';
import type { WrittenAlert } from '../src/record/write-alerts.ts';
import type { JobContext } from './context.ts';

const payload = z.strictObject({ channel: z.string().min(1).max(1_000) });
/** A shorter wait is waited for here; a longer one is a job of its own. */
const shortMs = 2_000;
/** What is on its way when we are told to stop gets so long to end: half of it would be repeated. */
const lastMs = 2_500;

/** Sends one channel what the outbox holds for it, in order, as fast as it takes it. */
export const deliverAlerts: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'deliver-alerts',
  queue: 'alerts',
  payload,
  attempts: 20,

  async run({ channel }, context) {
    const { database, paces, lease, signal } = context;
    const terms = { ...(paces.get(channel) ?? unknownPace), leaseMs: lease.ms };
    for (;;) {
      signal.throwIfAborted();
      const { alerts, waitMs } = await claimAlerts(database, channel, terms);
      lease.onRenewed(() => renewAlerts(database, alerts, lease.ms));
      await Promise.all(alerts.map((alert) => deliverOne(alert, context)));
      if (alerts.length > 0) continue;
      if (waitMs === undefined) return;
      if (waitMs > shortMs) return queueLater(channel, waitMs, context);
      await pause(Math.max(10, waitMs), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  },
};

async function deliverOne(alert: ClaimedAlert, context: JobContext & JobRun): Promise<void> {
  const { alerting, channels, database, signal } = context;
  const late = lateSignal(signal, lastMs);
  try {
    const terms = { channels, told: alerting.channels, signal: late.signal, random: Math.random() };
    const attempt = await deliver(alert, terms);
    await queueAlerts(await recordAttempt(database, alert, attempt, alerting), context);
  } finally {
    late.end();
  }
}

/** Wakes the channels of alerts that were planned just now. */
export async function queueAlerts(
  alerts: readonly WrittenAlert[],
  context: Pick<JobContext, 'enqueue'>,
): Promise<void> {
  const channels = new Set(alerts.map(({ channel }) => channel));
  await queueChannels([...channels], context);
}

/** Whoever is already at it may just have looked: each time is a job of its own. */
export async function queueChannels(
  channels: readonly string[],
  { enqueue }: Pick<JobContext, 'enqueue'>,
): Promise<void> {
  const jobs = channels.map((channel) => ({
    id: jobId.once('alerts', randomUUID()),
    payload: { channel },
  }));
  await enqueue(deliverAlerts, ...jobs);
}

/** What several workers find out together is one job. */
async function queueLater(
  channel: string,
  waitMs: number,
  { enqueue }: Pick<JobContext, 'enqueue'>,
): Promise<void> {
  const delayMs = Math.ceil(waitMs / 1_000) * 1_000;
  const id = jobId.later(channel, new Date(Date.now() + delayMs));
  await enqueue(deliverAlerts, { id, payload: { channel }, delayMs });
}
