import { z } from 'zod';
import type { JobDefinition, JobRun } from '../src/queue/define-job.ts';
import { jobId } from '../src/queue/job-id.ts';
import { readClock } from '../src/record/carried-clock.ts';
import {
  type ClaimedBatch,
  claimBatch,
  releaseLease,
  renewLease,
} from '../src/record/claim-batch.ts';
import { KeysStillPending } from '../src/record/errors.ts';
import { recordBatch } from '../src/record/record-batch.ts';
import { isDueWithin } from '../src/schedule/is-due-within.ts';
import { type PlannedOutcome, planOutcome, planRefused } from '../src/sources/plan-outcome.ts';
import { planPatience, shortestPatientMs } from '../src/sources/plan-patience.ts';
import { closeSweep } from './close-sweep.ts';
import type { JobContext } from './context.ts';

const payload = z.strictObject({ sweepId: z.uuid(), batch: z.int().nonnegative() });
type Payload = z.output<typeof payload>;

/** Fetches, judges and records the pending keys of one batch; the last batch closes the sweep. */
export const auditBatch: JobDefinition<Payload, JobContext> = {
  name: 'audit-batch',
  queue: 'audits',
  payload,
  attempts: 10_000,
  run: (batch, context) => audit(batch, context, false),
};

/** The same for a re-audit, on the queue of the requests: no night fills its workers. */
export const auditBatchNow: JobDefinition<Payload, JobContext> = {
  ...auditBatch,
  queue: 'requests',
  run: (batch, context) => audit(batch, context, true),
};

async function audit({ sweepId, batch }: Payload, context: JobContext & JobRun, urgent: boolean) {
  const { database, lease, policies } = context;
  const work = await claimBatch(database, sweepId, batch, lease.ms, policies.parse);
  if (work === undefined) return;
  lease.onRenewed(() => renewLease(database, work, lease.ms));
  const { outcome, recorded } = await judgeAndRecord(work, context, urgent).catch(async (error) => {
    // Given back now, or whoever is next would wait for the lease to end.
    await releaseLease(database, work).catch(() => undefined);
    throw error;
  });
  const { pending, last } = recorded;

  if (pending > 0) {
    const attempts = Math.max(0, ...outcome.unanswered.map((key) => key.attempts));
    const patient = isPatient(work, context);
    const retryInMs = planPatience({ patient, attempts, retryAfterMs: outcome.retryAfterMs });
    throw new KeysStillPending(sweepId, batch, pending, retryInMs);
  }
  if (last)
    await context.enqueue(closeSweep, { id: jobId.close(sweepId, 0), payload: { sweepId } });
}

/** Nobody waits for a scheduled sweep, unless its schedule is soon due again. */
function isPatient({ schedule, clock }: ClaimedBatch, { config }: JobContext): boolean {
  const found = config.schedules.find(({ id }) => id === schedule);
  return found !== undefined && !isDueWithin(found, readClock(clock), shortestPatientMs);
}

async function judgeAndRecord(work: ClaimedBatch, context: JobContext & JobRun, urgent: boolean) {
  const outcome = await judgeBatch(work, context, urgent);
  return { outcome, recorded: await recordBatch(context.database, work, outcome) };
}

async function judgeBatch(
  work: ClaimedBatch,
  { sources, policies, signal }: JobContext & JobRun,
  urgent: boolean,
): Promise<PlannedOutcome> {
  const source = sources.config(work.source);
  const asked = work.sourceRefused
    ? work.keys.map((key) => planRefused(key, readClock(work.clock)))
    : await sources.observe(work, urgent, signal);
  return planOutcome(asked, {
    policy: policies.compile(work.policy),
    asOf: work.asOf,
    now: readClock(work.clock),
    usageLagMs: source.usageLagMs,
    attempts: source.attempts,
  });
}
