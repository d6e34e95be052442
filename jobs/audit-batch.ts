import { z } from 'zod';
import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import type { ClaimedBatch } from '../src/record/store/claimed-batch.ts';
import { KeysStillPending } from '../src/record/store/errors.ts';
import { claimBatch, releaseLease, renewLease } from '../src/record/sweeps/claim-batch.ts';
import { recordBatch } from '../src/record/sweeps/record-batch.ts';
import { isPatient } from '../src/schedule/is-patient.ts';
import { planPatience } from '../src/sources/plan-patience.ts';
import { readClock } from '../src/timing/database-clock.ts';
import { closeSweepJob } from './close-sweep.ts';
import type { JobContext } from './context.ts';
import { judgeBatch } from './judge-batch.ts';

const payload = z.strictObject({ sweepId: z.uuid(), batch: z.int().nonnegative() });
type Payload = z.output<typeof payload>;

/** Fetches, judges and records the pending keys of one batch; the last batch closes the sweep. */
export const auditBatchJob: JobDefinition<Payload, JobContext> = {
  name: 'audit-batch',
  queue: 'audits',
  payload,
  attempts: 10_000,
  run: (batch, context) => audit(batch, context, false),
};

/** The same for a re-audit, on the queue of the requests: no night fills its workers. */
export const auditBatchNowJob: JobDefinition<Payload, JobContext> = {
  ...auditBatchJob,
  queue: 'requests',
  run: (batch, context) => audit(batch, context, true),
};

async function audit({ sweepId, batch }: Payload, context: JobContext & JobRun, urgent: boolean) {
  const { config, database, enqueue, lease, policies } = context;
  const work = await claimBatch(database, sweepId, batch, lease.ms, policies.parse);
  if (work === undefined) return;
  lease.onRenewed(() => renewLease(database, work, lease.ms));
  const { outcome, recorded } = await judgeAndRecord(work, context, urgent);
  const { pending, last } = recorded;

  if (pending > 0) {
    const attempts = Math.max(0, ...outcome.unanswered.map((key) => key.attempts));
    const patient = isPatient(config.schedules, work.schedule, readClock(work.clock));
    const retryInMs = planPatience({ ...outcome, patient, attempts });
    throw new KeysStillPending(sweepId, batch, pending, retryInMs);
  }
  if (last) await enqueue(closeSweepJob, { id: jobId.close(sweepId, 0), payload: { sweepId } });
}

async function judgeAndRecord(work: ClaimedBatch, context: JobContext & JobRun, urgent: boolean) {
  const { database } = context;
  try {
    const outcome = await judgeBatch(work, context, urgent);
    return { outcome, recorded: await recordBatch(database, work, outcome) };
  } catch (error) {
    // Given back now, or whoever is next would wait for the lease to end.
    await releaseLease(database, work).catch(() => undefined);
    throw error;
  }
}
