import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { closeSweep as close } from '../src/record/close-sweep.ts';
import { readWaitingTicks } from '../src/record/ticks.ts';
import type { JobContext } from './context.ts';
import { deliverAlert } from './deliver-alert.ts';
import { queueTicks } from './queue-ticks.ts';

const payload = z.strictObject({ sweepId: z.uuid() });

/**
 * Counts, seals and closes a sweep; queues the alerts that it planned with it, and the tick that
 * waited for its end.
 */
export const closeSweep: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'close-sweep',
  queue: 'sweeps',
  payload,
  attempts: 20,

  async run({ sweepId }, context) {
    const { database, config, enqueue } = context;
    const closed = await close(database, sweepId, {
      channels: config.alerts.channels.map(({ id }) => id),
      routes: config.alerts.routes,
    });
    if (closed === undefined) return;
    const { alertIds, schedule } = closed;
    const jobs = alertIds.map((alert) => ({ id: jobId.alert(alert, 0), payload: { alert } }));
    await enqueue(deliverAlert, ...jobs);
    if (schedule === null) return;
    await queueTicks(await readWaitingTicks(database, schedule), sweepId, context);
  },
};
