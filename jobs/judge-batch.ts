import type { JobRun } from '../src/queue/define-job.ts';
import type { BatchOutcome, ClaimedBatch } from '../src/record/store/claimed-batch.ts';
import { isPatient } from '../src/schedule/is-patient.ts';
import { planOutcome, planRefused } from '../src/sources/plan-outcome.ts';
import { readClock } from '../src/timing/database-clock.ts';
import { askSource } from './ask-source.ts';
import type { JobContext } from './context.ts';

/**
 * Asks the source about the keys of a batch, unless it refused the credentials, and judges them.
 */
export async function judgeBatch(
  work: ClaimedBatch,
  context: JobContext & Pick<JobRun, 'signal'>,
  urgent: boolean,
): Promise<BatchOutcome> {
  const { sources, policies, config } = context;
  const source = sources.config(work.source);
  const asked = work.sourceRefused
    ? work.keys.map((key) => planRefused(key, readClock(work.clock)))
    : await askSource(work, context, urgent);
  const now = readClock(work.clock);
  return planOutcome(asked, {
    policy: policies.compile(work.policy),
    asOf: work.asOf,
    now,
    usageLagMs: source.usageLagMs,
    attempts: source.attempts,
    patient: isPatient(config.schedules, work.schedule, now),
  });
}
