import { jobId } from '../../src/queue/job-id.ts';
import type { Enqueue } from './enqueue.ts';
import { openSweepOrder } from './open-sweep-order.ts';

/** Queues the opening of requested sweeps; `round` as in `queueClosing`. */
export async function queueRequests(
  requests: readonly string[],
  round: number,
  { enqueue }: Enqueue,
): Promise<void> {
  const jobs = requests.map((request) => ({
    id: jobId.request(request, round),
    payload: { request },
  }));
  await enqueue(openSweepOrder, ...jobs);
}
