import type { JobDefinition } from '../src/queue/define-job.ts';
import { closeSweep } from '../src/record/closing/close-sweep.ts';
import { refreshStatistics } from '../src/record/store/embedded/refresh-statistics.ts';
import { readWaitingTicks } from '../src/record/sweeps/ticks.ts';
import type { JobContext } from './context.ts';
import { type CloseSweepPayload, closeSweepOrder } from './queueing/close-sweep-order.ts';
import { queueAlerts } from './queueing/queue-alerts.ts';
import { queueTicks } from './queueing/queue-ticks.ts';

/**
 * Counts and closes a sweep; then queues its alerts, and the tick that waited for its end.
 */
export const closeSweepJob: JobDefinition<CloseSweepPayload, JobContext> = {
  ...closeSweepOrder,

  async run({ sweepId }, context) {
    const { database, alerting, policies, tracing } = context;
    const closed = await tracing.span('keysweep.closing', { sweep: sweepId }, () =>
      closeSweep(database, sweepId, alerting, policies),
    );
    if (closed === undefined) return;
    const { alerts, schedule } = closed;
    await queueAlerts(alerts, context);
    await refreshStatistics(database);
    if (schedule === null) return;
    await queueTicks(await readWaitingTicks(database, schedule), sweepId, context);
  },
};
