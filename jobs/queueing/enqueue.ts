import type { Enqueued, JobOrder } from '../../src/queue/define-job.ts';

/** What can put jobs on a queue. */
export interface Enqueue {
  enqueue<P>(order: JobOrder<P>, ...jobs: readonly Enqueued<P>[]): Promise<void>;
}
