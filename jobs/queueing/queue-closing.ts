import { jobId } from '../../src/queue/job-id.ts';
import { closeSweepOrder } from './close-sweep-order.ts';
import type { Enqueue } from './enqueue.ts';

/**
 * Queues the closing of sweeps. `round` makes the id of each queueing its own: a job that the queue
 * has kept would swallow a new one of the same id.
 */
export async function queueClosing(
  sweeps: readonly string[],
  round: number,
  { enqueue }: Enqueue,
): Promise<void> {
  const jobs = sweeps.map((sweepId) => ({ id: jobId.close(sweepId, round), payload: { sweepId } }));
  await enqueue(closeSweepOrder, ...jobs);
}
