import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { closeSweep as close } from '../src/record/close-sweep.ts';
import type { JobContext } from './context.ts';
import { deliverAlert } from './deliver-alert.ts';

const payload = z.strictObject({ sweepId: z.uuid() });

/** Counts, seals and closes a sweep, and queues the alerts that it planned with it. */
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
    const alerts = closed?.alertIds ?? [];
    const jobs = alerts.map((alert) => ({ id: jobId.alert(alert, 0), payload: { alert } }));
    await enqueue(deliverAlert, ...jobs);
  },
};
