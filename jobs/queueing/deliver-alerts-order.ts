import { z } from 'zod';
import type { JobOrder } from '../../src/queue/define-job.ts';

const payload = z.strictObject({ channel: z.string().min(1).max(1_000) });

/** How the delivery of a channel's alerts is queued. */
export const deliverAlertsOrder: JobOrder<z.output<typeof payload>> = {
  name: 'deliver-alerts',
  queue: 'alerts',
  payload,
  attempts: 20,
};
