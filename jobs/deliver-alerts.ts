import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { unknownPace } from '../src/alert/channel-pace.ts';
import { deliver } from '../src/alert/deliver.ts';
import { lateSignal } from '../src/alert/late-signal.ts';
import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import { type ClaimedAlert, claimAlerts, renewAlerts } from '../src/record/outbox/outbox.ts';
import { recordAttempt } from '../src/record/outbox/record-attempt.ts';
import type { JobContext } from './context.ts';
import { deliverAlertsOrder } from './queueing/deliver-alerts-order.ts';
import { queueAlerts, queueLater } from './queueing/queue-alerts.ts';

/** The longest wait within a job; a longer wait becomes a job of its own. */
const shortMs = 2_000;
/** How long a delivery may continue when the worker stops: an interrupted one would be repeated. */
const lastMs = 2_500;

/**
 * Sends the outbox's alerts for one channel, in order, as fast as the channel accepts them. If
 * another worker is already sending, or the channel needs a pause, queues one delayed job and
 * returns: otherwise jobs for one slow channel would take every worker.
 */
export const deliverAlertsJob: JobDefinition<{ channel: string }, JobContext> = {
  ...deliverAlertsOrder,

  async run({ channel }, context) {
    const { database, paces, lease, signal } = context;
    const terms = { ...(paces.get(channel) ?? unknownPace), leaseMs: lease.ms };
    // Each alert on its way adds a listener, which is no leak.
    setMaxListeners(0, signal);
    let waits = false;
    for (;;) {
      signal.throwIfAborted();
      const { alerts, waitMs } = await claimAlerts(database, channel, terms);
      lease.onRenewed(() => renewAlerts(database, alerts, lease.ms));
      await Promise.all(alerts.map((alert) => deliverOne(alert, context)));
      if (alerts.length > 0) {
        waits = true;
        continue;
      }
      if (waitMs === undefined) return;
      if (!waits || waitMs > shortMs) return queueLater(channel, waitMs, context);
      waits = false;
      await pause(Math.max(10, waitMs), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  },
};

async function deliverOne(alert: ClaimedAlert, context: JobContext & JobRun): Promise<void> {
  const { alerting, channels, database, log, signal } = context;
  const late = lateSignal(signal, lastMs);
  try {
    const sending = { channels, alerted: alerting.channels, log };
    const terms = { ...sending, signal: late.signal, random: Math.random() };
    const attempt = await deliver(alert, terms);
    await queueAlerts(await recordAttempt(database, alert, attempt, alerting), context);
  } finally {
    late.end();
  }
}
