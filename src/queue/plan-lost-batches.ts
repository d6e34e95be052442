import type { UnfinishedBatch } from '../record/sweeps/unfinished.ts';
import { jobId } from './job-id.ts';

/** The batches whose job id is not among the `live` ids of the queues. */
export function planLostBatches(
  batches: readonly UnfinishedBatch[],
  ...live: readonly ReadonlySet<string>[]
): readonly UnfinishedBatch[] {
  return batches.filter(({ sweepId, batch, round }) => {
    const id = jobId.batch(sweepId, batch, round);
    return !live.some((ids) => ids.has(id));
  });
}
