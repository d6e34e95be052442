import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { unknownPace } from '../src/alert/channel-pace.ts';
import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import { type ClaimedAlerts, claimAlerts } from '../src/record/outbox/outbox.ts';
import { insist } from '../src/timing/insist.ts';
import type { JobContext } from './context.ts';
import { deliverAlertsOrder } from './queueing/deliver-alerts-order.ts';
import { queueLater } from './queueing/queue-alerts.ts';
import { sendAlerts } from './send-alerts.ts';

/** The longest wait within a job; a longer wait becomes a job of its own. */
const shortMs = 2_000;
/** How often a claim is tried before the job leaves it to its next attempt. */
const claimTries = 4;

/**
 * Sends the outbox's alerts for one channel, in order, as fast as the channel accepts them. If
 * another worker is already sending, or the channel needs a pause, queues one delayed job and
 * returns: otherwise jobs for one slow channel would take every worker.
 */
export const deliverAlertsJob: JobDefinition<{ channel: string }, JobContext> = {
  ...deliverAlertsOrder,

  async run({ channel }, context) {
    const { signal, stopping } = context;
    // Each alert on its way adds a listener, which is no leak.
    setMaxListeners(0, signal, stopping);
    let waits = false;
    for (;;) {
      signal.throwIfAborted();
      const { alerts, waitMs } = await claim(channel, context);
      await sendAlerts(alerts, context);
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

function claim(channel: string, context: JobContext & JobRun): Promise<ClaimedAlerts> {
  const { database, paces, holds, signal } = context;
  const pace = paces.get(channel) ?? unknownPace;
  const terms = { ...pace, leaseMs: holds.leaseMs, claim: randomUUID() };
  const take = () => claimAlerts(database, channel, { ...terms, held: holds.ids() });
  return insist(take, { signal, tries: claimTries, failed: () => undefined });
}
