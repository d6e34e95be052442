import type { AnyJob } from '../src/queue/define-job.ts';
import { auditBatchJob, auditBatchNowJob } from './audit-batch.ts';
import { closeSweepJob } from './close-sweep.ts';
import type { JobContext } from './context.ts';
import { deliverAlertsJob } from './deliver-alerts.ts';
import { openSweepJob } from './open-sweep.ts';
import { pruneEvidenceJob } from './prune-evidence.ts';
import { reAuditJob } from './re-audit.ts';
import { reconcileJob } from './reconcile.ts';

/** Everything that runs on the queue. */
export const jobs: readonly AnyJob<JobContext>[] = [
  openSweepJob,
  auditBatchJob,
  auditBatchNowJob,
  closeSweepJob,
  deliverAlertsJob,
  reconcileJob,
  pruneEvidenceJob,
  reAuditJob,
];
