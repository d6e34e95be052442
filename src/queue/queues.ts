import type { Job, Queue } from 'bullmq';
import { inTime } from '../timing/in-time.ts';
import type { QueueBackend } from './backend.ts';
import { type Enqueued, type JobOrder, type QueueName, queueNames } from './define-job.ts';
import { QueueUnavailable } from './errors.ts';
import { type QueueFigures, readQueueFigures } from './read-queue-figures.ts';
import { retention } from './retention.ts';

/** Adds jobs to the queues, and lists their jobs. */
export interface Queues {
  /** Resolves when the queue has the jobs; throws `QueueUnavailable` if it does not answer. */
  enqueue<P>(job: JobOrder<P>, ...jobs: readonly Enqueued<P>[]): Promise<void>;
  /** The ids of the jobs of one queue that wait, run or are delayed. */
  liveIds(queue: QueueName): Promise<ReadonlySet<string>>;
  /** Lets all delayed jobs run now: they wait by a clock that may have been set back. */
  promote(): Promise<void>;
  /** The figures of all queues; throws `QueueUnavailable` if one does not answer. */
  figures(): Promise<readonly QueueFigures[]>;
  close(): Promise<void>;
}

const enqueueTimeoutMs = 10_000;
const chunk = 500;
const names = Object.keys(queueNames) as QueueName[];
const liveStates = ['waiting', 'prioritized', 'delayed', 'active'] as const;

/** Opens the queues for adding jobs. Each is opened when it is first used. */
export function openQueues(backend: QueueBackend): Queues {
  const open = new Map<QueueName, Queue>();
  const readyQueue = async (name: QueueName): Promise<Queue> => {
    const queue = open.get(name) ?? createQuietQueue(backend, name);
    open.set(name, queue);
    try {
      await queue.waitUntilReady();
    } catch (error) {
      // BullMQ keeps the failure of the first connection for ever, so the next use needs a new queue.
      if (open.get(name) === queue) open.delete(name);
      queue.close().catch(() => undefined);
      throw error;
    }
    return queue;
  };
  const ask = <T>(name: QueueName, work: (queue: Queue) => Promise<T>) =>
    answer(backend, readyQueue(name).then(work));
  return {
    async enqueue(job, ...jobs) {
      for (let at = 0; at < jobs.length; at += chunk) {
        const some = jobs.slice(at, at + chunk).map((one) => toBullJob(job, one));
        await ask(job.queue, (queue) => queue.addBulk(some));
      }
    },
    async liveIds(name) {
      const found = await ask(name, (queue) => queue.getJobs([...liveStates], 0, -1));
      return new Set(found.flatMap((job: Job | undefined) => job?.id ?? []));
    },
    async promote() {
      for (const name of names) await ask(name, (queue) => queue.promoteJobs());
    },
    async figures() {
      const read = (queue: Queue) => readQueueFigures(queue, new Date());
      return Promise.all(names.map((name) => ask(name, read)));
    },
    async close() {
      await Promise.all([...open.values()].map((queue) => queue.close()));
    },
  };
}

/** The backend reports connection errors. Without a listener, they would end the process. */
function createQuietQueue(backend: QueueBackend, name: QueueName): Queue {
  const queue = backend.createQueue(queueNames[name]);
  queue.on('error', () => undefined);
  return queue;
}

function toBullJob<P>(job: JobOrder<P>, { id, payload, delayMs, priority }: Enqueued<P>) {
  return {
    name: job.name,
    data: payload,
    opts: {
      ...retention,
      // One stack trace is enough, because a batch that waits for its vendor is tried many times.
      stackTraceLimit: 1,
      jobId: id,
      attempts: job.attempts,
      backoff: { type: 'advised' },
      ...(delayMs === undefined ? {} : { delay: delayMs }),
      ...(priority === undefined ? {} : { priority }),
    },
  };
}

async function answer<T>(backend: QueueBackend, work: Promise<T>): Promise<T> {
  try {
    return await inTime(work, enqueueTimeoutMs);
  } catch (error) {
    const code = backend.codeOf(error);
    throw new QueueUnavailable(`${backend.server} takes no jobs (${code})`, code);
  }
}
