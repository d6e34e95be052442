import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { openRequestedSweep, openTickSweep } from '../src/record/open-sweep.ts';
import { planDeadline } from '../src/schedule/plan-deadline.ts';
import type { JobContext } from './context.ts';
import { queueBatches } from './queue-batches.ts';

const payload = z.union([
  z.strictObject({ request: z.uuid() }),
  z.strictObject({
    schedule: z.string().min(1),
    dueAt: z.iso.datetime(),
    trigger: z.enum(['schedule', 'catch-up']),
  }),
]);

/** Opens the sweep of a tick or of a request, whole, and queues its batches. */
export const openSweep: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'open-sweep',
  queue: 'sweeps',
  payload,
  attempts: 20,

  async run(order, context) {
    const { config, database, means } = context;
    const schedule = 'schedule' in order ? order.schedule : undefined;
    const terms = planDeadline(config.schedules, schedule);
    const opened =
      'request' in order
        ? await openRequestedSweep(database, order.request, terms.deadlineMs, means)
        : await openTickSweep(
            database,
            { ...order, ...terms, dueAt: new Date(order.dueAt) },
            means,
          );
    if (opened !== undefined) await queueBatches(opened, context);
  },
};
