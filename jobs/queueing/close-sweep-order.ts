import { z } from 'zod';
import type { JobOrder } from '../../src/queue/define-job.ts';

const payload = z.strictObject({ sweepId: z.uuid() });

export type CloseSweepPayload = z.output<typeof payload>;

/** How the closing of a sweep is queued. */
export const closeSweepOrder: JobOrder<CloseSweepPayload> = {
  name: 'close-sweep',
  queue: 'sweeps',
  payload,
  attempts: 20,
};
