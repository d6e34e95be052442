import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { openTickSweep } from '../src/record/open-sweep.ts';
import { planDeadline } from '../src/schedule/plan-deadline.ts';
import type { JobContext } from './context.ts';
import { openRequest } from './open-request.ts';
import { queueBatches } from './queue-batches.ts';

const tick = z.strictObject({
  schedule: z.string().min(1),
  dueAt: z.iso.datetime(),
  trigger: z.enum(['schedule', 'catch-up']),
});
const payload = z.union([z.strictObject({ request: z.uuid() }), tick]);

/** Opens the sweep of a tick or of a request, whole, and queues its batches. */
export const openSweep: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'open-sweep',
  queue: 'sweeps',
  payload,
  attempts: 20,

  run: (order, context) =>
    'request' in order ? openRequest(order.request, context) : openTick(order, context),
};

async function openTick(order: z.output<typeof tick>, context: JobContext): Promise<void> {
  const { config, database, means, sources } = context;
  sources.prepare();
  const terms = planDeadline(config.schedules, order.schedule);
  const due = { ...order, ...terms, dueAt: new Date(order.dueAt) };
  const opened = await openTickSweep(database, due, means);
  if (opened !== undefined) await queueBatches(opened, context);
}
