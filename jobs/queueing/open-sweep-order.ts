import { z } from 'zod';
import type { JobOrder } from '../../src/queue/define-job.ts';

const tick = z.strictObject({
  schedule: z.string().min(1),
  dueAt: z.iso.datetime(),
  trigger: z.enum(['schedule', 'catch-up']),
});
const payload = z.union([z.strictObject({ request: z.uuid() }), tick]);

export type OpenTickPayload = z.output<typeof tick>;
export type OpenSweepPayload = z.output<typeof payload>;

/** How the opening of a sweep is queued. */
export const openSweepOrder: JobOrder<OpenSweepPayload> = {
  name: 'open-sweep',
  queue: 'sweeps',
  payload,
  attempts: 20,
};
