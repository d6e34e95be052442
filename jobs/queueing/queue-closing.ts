import { jobId } from '../../src/queue/job-id.ts';
import { closeSweepOrder } from './close-sweep-order.ts';
import type { Enqueue } from './enqueue.ts';

/**
 * Queues the closing of sweeps. `round` makes a new id for each time that work is queued, because
 * the queue ignores a new job with the id of one that it has kept.
 */
export async function queueClosing(
  sweeps: readonly string[],
  round: number,
  { enqueue }: Enqueue,
): Promise<void> {
  const jobs = sweeps.map((sweepId) => ({ id: jobId.close(sweepId, round), payload: { sweepId } }));
  await enqueue(closeSweepOrder, ...jobs);
}
