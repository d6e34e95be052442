import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import type { ClaimedBatch } from '../src/record/store/claimed-batch.ts';
import { KeysStillPending } from '../src/record/store/errors.ts';
import { claimBatch, releaseLease, renewLease } from '../src/record/sweeps/claim-batch.ts';
import type { JobContext } from './context.ts';
import { judgeBatch } from './judge-batch.ts';
import {
  type AuditBatchPayload,
  auditBatchNowOrder,
  auditBatchOrder,
} from './queueing/audit-batch-order.ts';
import { queueClosing } from './queueing/queue-closing.ts';
import { recordOutcome } from './record-outcome.ts';

/** Fetches, judges and records the pending keys of one batch; the last batch closes the sweep. */
export const auditBatchJob: JobDefinition<AuditBatchPayload, JobContext> = {
  ...auditBatchOrder,
  run: (batch, context) => audit(batch, context, false),
};

/** The same for a re-audit, on a queue that nightly sweeps never fill. */
export const auditBatchNowJob: JobDefinition<AuditBatchPayload, JobContext> = {
  ...auditBatchNowOrder,
  run: (batch, context) => audit(batch, context, true),
};

async function audit(
  { sweepId, batch }: AuditBatchPayload,
  context: JobContext & JobRun,
  urgent: boolean,
): Promise<void> {
  const { database, lease, policies } = context;
  const work = await claimBatch(database, sweepId, batch, lease.ms, policies.parse);
  if (work === undefined) return;
  lease.onRenewed(() => renewLease(database, work, lease.ms));
  const facts = { sweep: sweepId, batch, source: work.source, keys: work.keys.length };
  const { outcome, recorded } = await context.tracing.span('keysweep.batch', facts, () =>
    judgeAndRecord(work, context, urgent),
  );
  const { pending, last } = recorded;

  if (pending > 0) {
    throw new KeysStillPending(sweepId, batch, pending, outcome.retryInMs);
  }
  if (last) await queueClosing([sweepId], 0, context);
}

async function judgeAndRecord(work: ClaimedBatch, context: JobContext & JobRun, urgent: boolean) {
  const { database } = context;
  try {
    const outcome = await judgeBatch(work, context, urgent);
    return { outcome, recorded: await recordOutcome(work, outcome, context) };
  } catch (error) {
    // Released now, so that the next attempt does not wait for the lease to end.
    await releaseLease(database, work).catch(() => undefined);
    throw error;
  }
}
