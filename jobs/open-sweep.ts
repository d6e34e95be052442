import { heartbeatId } from '../src/alert/destinations.ts';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { alertHeld } from '../src/record/sweeps/alert-held.ts';
import { openTickSweep } from '../src/record/sweeps/open-sweep.ts';
import { planDeadline } from '../src/schedule/plan-deadline.ts';
import type { JobContext } from './context.ts';
import { openRequest } from './open-request.ts';
import {
  type OpenSweepPayload,
  type OpenTickPayload,
  openSweepOrder,
} from './queueing/open-sweep-order.ts';
import { queueAlerts, queueChannels } from './queueing/queue-alerts.ts';
import { queueBatches } from './queueing/queue-batches.ts';

/** Opens the whole sweep of a tick or of a request, and queues its batches. */
export const openSweepJob: JobDefinition<OpenSweepPayload, JobContext> = {
  ...openSweepOrder,

  run: (order, context) =>
    'request' in order ? openRequest(order.request, context) : openTick(order, context),
};

async function openTick(order: OpenTickPayload, context: JobContext): Promise<void> {
  const { config, database, sources, alerting } = context;
  const { inputs } = context.files;
  sources.prepare();
  const terms = planDeadline(config.schedules, order.schedule);
  const { heartbeats } = alerting;
  const due = { ...order, ...terms, heartbeats, dueAt: new Date(order.dueAt) };
  const opened = await openTickSweep(database, due, inputs);
  if (opened === 'skipped') {
    const { schedule, dueAt } = order;
    context.log.warn({ schedule, dueAt }, 'a tick was skipped: the sweep before it is still open');
  } else if (opened !== undefined) {
    await queueBatches(opened, context);
    if (opened.held !== undefined) {
      await queueAlerts(await alertHeld(database, opened.held, inputs, alerting), context);
    }
    const beats = heartbeats.has(order.schedule) ? [heartbeatId(order.schedule)] : [];
    await queueChannels(beats, context);
  }
}
