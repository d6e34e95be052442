import { jobId } from '../../src/queue/job-id.ts';
import type { DueTick } from '../../src/record/sweeps/ticks.ts';
import type { Enqueue } from './enqueue.ts';
import { openSweepOrder } from './open-sweep-order.ts';

/**
 * Queues the opening of ticks. Every replica may do so: the job id and the tick's row prevent a
 * second sweep. `round` as in `queueClosing`.
 */
export async function queueTicks(
  ticks: readonly DueTick[],
  round: number | string,
  { enqueue }: Enqueue,
): Promise<void> {
  const jobs = ticks.map(({ schedule, dueAt, trigger }) => ({
    id: jobId.tick(schedule, dueAt, round),
    payload: { schedule, dueAt: dueAt.toISOString(), trigger },
  }));
  await enqueue(openSweepOrder, ...jobs);
}
