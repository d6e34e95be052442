import type { Job, Queue } from 'bullmq';

/** The jobs of one queue, whichever process runs them. */
export interface QueueFigures {
  readonly queue: string;
  readonly jobs: Readonly<Record<QueueState, number>>;
  /** How long the job that runs next has waited; 0 if none waits. */
  readonly waitMs: number;
}

type QueueState = 'waiting' | 'active' | 'delayed' | 'failed';

/** Jobs with a priority wait too; the queue keeps them elsewhere. */
const waitingStates = ['waiting', 'prioritized'] as const;

/** Costs three commands, however many jobs there are. Sets no time limit. */
export async function readQueueFigures(queue: Queue, now: Date): Promise<QueueFigures> {
  const counts = await queue.getJobCounts(...waitingStates, 'active', 'delayed', 'failed');
  const count = (state: string) => counts[state] ?? 0;
  const waiting = waitingStates.reduce((sum, state) => sum + count(state), 0);
  const next: readonly (Job | undefined)[] =
    waiting === 0 ? [] : await queue.getJobs([...waitingStates], 0, 0, true);
  const waits = next.map((job) => (job === undefined ? 0 : waitOf(job, now)));
  return {
    queue: queue.name,
    jobs: {
      waiting,
      active: count('active'),
      delayed: count('delayed'),
      failed: count('failed'),
    },
    waitMs: Math.max(0, ...waits),
  };
}

/** Since it could first run, or since it was last tried. */
function waitOf({ timestamp, processedOn, opts }: Job, now: Date): number {
  return now.getTime() - (processedOn ?? timestamp + (opts.delay ?? 0));
}
