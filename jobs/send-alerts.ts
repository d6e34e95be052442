import { type Attempt, deliver } from '../src/alert/deliver.ts';
import { lateSignal } from '../src/alert/late-signal.ts';
import type { JobRun } from '../src/queue/define-job.ts';
import type { ClaimedAlert } from '../src/record/outbox/outbox.ts';
import { recordAttempt } from '../src/record/outbox/record-attempt.ts';
import type { WrittenAlert } from '../src/record/outbox/write-alerts.ts';
import { insist } from '../src/timing/insist.ts';
import type { JobContext } from './context.ts';
import { queueAlerts } from './queueing/queue-alerts.ts';

type Run = JobContext & JobRun;

/** How long a delivery may continue when the worker stops: an interrupted one would be repeated. */
const lastSendMs = 2_500;
/** The same for recording it; a little less than the time that workers have to stop. */
const lastRecordMs = 3_200;

/** Sends claimed alerts. Ends when the last of them has ended, also if one fails. */
export async function sendAlerts(alerts: readonly ClaimedAlert[], context: Run): Promise<void> {
  context.holds.hold(alerts);
  const sent = await Promise.allSettled(alerts.map((alert) => sendOne(alert, context)));
  for (const one of sent) if (one.status === 'rejected') throw one.reason;
}

async function sendOne(alert: ClaimedAlert, context: Run): Promise<void> {
  const { alerting, channels, log, stopping, holds, tracing } = context;
  const { id, channel, type } = alert;
  // The job's own signal does not count: an alert that is on its way has a lease of its own.
  const send = lateSignal(stopping, lastSendMs);
  const record = lateSignal(stopping, lastRecordMs);
  try {
    const sending = { channels, alerted: alerting.channels, log };
    const terms = { ...sending, signal: send.signal, random: Math.random() };
    const attempt = await tracing.span(
      'keysweep.delivery',
      { alert: id, channel, type },
      async (note) => {
        const ended = await deliver(alert, terms);
        note({ outcome: ended.delivery.kind });
        return ended;
      },
    );
    await queueAlerts(await recordEnd(alert, attempt, context, record.signal), context);
  } finally {
    holds.release(alert);
    send.end();
    record.end();
  }
}

/** Tries for as long as the process lives: an alert that is not recorded would be sent again. */
async function recordEnd(
  alert: ClaimedAlert,
  attempt: Attempt,
  { database, alerting, log, unrecorded }: Run,
  signal: AbortSignal,
): Promise<readonly WrittenAlert[]> {
  const { id, channel } = alert;
  return insist(() => recordAttempt(database, alert, attempt, alerting), {
    signal,
    failed: ({ code, name }) => {
      const about = { alert: id, channel, code: code ?? name };
      const msg = 'the end of a delivery is not recorded yet; trying again';
      if (!unrecorded.has(id)) log.warn(about, msg);
      unrecorded.add(id);
    },
  }).finally(() => unrecorded.delete(id));
}
