import type { QueueFigures } from '../../queue/read-queue-figures.ts';
import type { Sample } from './plan-samples.ts';

/** What `/metrics` shows of the queues. */
export function planQueueSamples(queues: readonly QueueFigures[]): readonly Sample[] {
  return queues.flatMap(({ queue, jobs, waitMs }): readonly Sample[] => [
    ...Object.entries(jobs).map(
      ([state, value]): Sample => ({
        metric: 'keysweep_queue_jobs',
        labels: [queue, state],
        value,
      }),
    ),
    { metric: 'keysweep_queue_wait_seconds', labels: [queue], value: Math.max(0, waitMs) / 1_000 },
  ]);
}
