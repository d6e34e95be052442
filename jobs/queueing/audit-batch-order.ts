import { z } from 'zod';
import type { JobOrder } from '../../src/queue/define-job.ts';

const payload = z.strictObject({ sweepId: z.uuid(), batch: z.int().nonnegative() });

export type AuditBatchPayload = z.output<typeof payload>;

/** How the audit of a batch is queued. */
export const auditBatchOrder: JobOrder<AuditBatchPayload> = {
  name: 'audit-batch',
  queue: 'audits',
  payload,
  attempts: 10_000,
};

/** The same for a re-audit, on the queue for requests, which nightly sweeps never fill. */
export const auditBatchNowOrder: JobOrder<AuditBatchPayload> = {
  ...auditBatchOrder,
  queue: 'requests',
};
