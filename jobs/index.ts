import type { AnyJob } from '../src/queue/define-job.ts';
import { auditBatch, auditBatchNow } from './audit-batch.ts';
import { closeSweep } from './close-sweep.ts';
import type { JobContext } from './context.ts';
import { deliverAlerts } from './deliver-alerts.ts';
import { openSweep } from './open-sweep.ts';
import { pruneEvidence } from './prune-evidence.ts';
import { reAudit } from './re-audit.ts';
import { reconcile } from './reconcile.ts';

/** Everything that runs on the queue. */
export const jobs: readonly AnyJob<JobContext>[] = [
  openSweep,
  auditBatch,
  auditBatchNow,
  closeSweep,
  deliverAlerts,
  reconcile,
  pruneEvidence,
  reAudit,
];
