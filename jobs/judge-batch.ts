import type { JobRun } from '../src/queue/define-job.ts';
import type { ClaimedBatch } from '../src/record/store/claimed-batch.ts';
import { type PlannedOutcome, planOutcome, planRefused } from '../src/sources/plan-outcome.ts';
import { readClock } from '../src/timing/database-clock.ts';
import type { JobContext } from './context.ts';

/**
 * Asks the source about the keys of a batch, unless it refused the credentials, and judges them.
 */
export async function judgeBatch(
  work: ClaimedBatch,
  { sources, policies, signal }: Pick<JobContext, 'sources' | 'policies'> & Pick<JobRun, 'signal'>,
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
