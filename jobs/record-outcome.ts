import type { JobRun } from '../src/queue/define-job.ts';
import type { BatchOutcome, ClaimedBatch } from '../src/record/store/claimed-batch.ts';
import { isPassingFailure } from '../src/record/store/is-passing-failure.ts';
import { type RecordedBatch, recordBatch } from '../src/record/sweeps/record-batch.ts';
import { readClock } from '../src/timing/database-clock.ts';
import { insist } from '../src/timing/insist.ts';
import type { JobContext } from './context.ts';

/** The longest try: a transaction of a few statements, each of which the client ends by itself. */
const recordMs = 120_000;

type RecordContext = Pick<JobContext, 'database' | 'log' | 'unrecorded'> & Pick<JobRun, 'stopping'>;

/**
 * Keeps what was learned in memory until the database takes it, so that no key is asked for again.
 * The job's own signal does not count: a worker that lost the batch is refused by its fence.
 */
export async function recordOutcome(
  work: ClaimedBatch,
  outcome: BatchOutcome,
  { database, log, unrecorded, stopping }: RecordContext,
): Promise<RecordedBatch> {
  const { sweepId, batch } = work;
  const own = `batch ${batch} of ${sweepId}`;
  return insist(() => recordBatch(database, work, outcome), {
    signal: stopping,
    mostMs: recordMs,
    mayPass: (error) => isPassingFailure(error) && readClock(work.clock) < work.deadlineAt,
    failed: ({ code, name }) => {
      const about = { sweepId, batch, code: code ?? name };
      const msg = 'the results of a batch are not recorded yet; trying again';
      if (!unrecorded.has(own)) log.warn(about, msg);
      unrecorded.add(own);
    },
  }).finally(() => unrecorded.delete(own));
}
