import type { UnfinishedBatch } from '../record/sweeps/unfinished.ts';
import { jobId } from './job-id.ts';

/** The batches that have no job on the queues, judged by the ids of the jobs that are there. */
export function planLostBatches(
  batches: readonly UnfinishedBatch[],
  ...live: readonly ReadonlySet<string>[]
): readonly UnfinishedBatch[] {
  return batches.filter(({ sweepId, batch, round }) => {
    const id = jobId.batch(sweepId, batch, round);
    return !live.some((ids) => ids.has(id));
  });
}
