import type { z } from 'zod';
import { recordRefusedJob, toQueuedChange } from '../src/operations/recording/queued-change.ts';
import { auditRequest } from '../src/operations/sweeps/audit.ts';
import type { JobDefinition } from '../src/queue/define-job.ts';
import { writeRequest } from '../src/record/sweeps/requests.ts';
import type { JobContext } from './context.ts';
import { openRequest } from './open-request.ts';

/** Takes audits that other programs queue. Each becomes a row first, so that none is lost. */
export const reAuditJob: JobDefinition<z.output<typeof auditRequest>, JobContext> = {
  name: 'audit-keys',
  queue: 'requests',
  payload: auditRequest,
  attempts: 20,

  async run(request, context) {
    const producerJob = `${context.jobId}@${context.queuedAt.toISOString()}`;
    const id = await writeRequest(context.database, request, producerJob, toQueuedChange(request));
    await openRequest(id, context);
  },

  refuse: (data, reason, context) => recordRefusedJob(context, data, reason),
};
