import { z } from 'zod';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { writeRequest } from '../src/record/requests.ts';
import type { JobContext } from './context.ts';
import { openRequest } from './open-request.ts';

const text = z.string().max(1_000);
const key = z.strictObject({ source: text.min(1), keyId: text.min(1) });
const payload = z.strictObject({
  keys: z.array(key).min(1).max(10_000),
  reason: text.optional(),
  requestedBy: text.optional(),
});

/** What other programs put on the queue to have keys audited again. A row first, so that nothing is lost. */
export const reAudit: JobDefinition<z.output<typeof payload>, JobContext> = {
  name: 'audit-keys',
  queue: 'requests',
  payload,
  attempts: 20,

  async run({ keys, reason, requestedBy }, context) {
    const request = { keys, reason: reason ?? null, requestedBy: requestedBy ?? null };
    const producerJob = `${context.jobId}@${context.queuedAt.toISOString()}`;
    const id = await writeRequest(context.database, request, producerJob);
    await openRequest(id, context);
  },
};
