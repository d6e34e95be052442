import type { Worker } from 'bullmq';
import type { Logger } from 'pino';
import { throttleByCode } from '../timing/throttle-by-code.ts';
import type { QueueBackend } from './backend.ts';
import { type AnyJob, type QueueName, queueNames } from './define-job.ts';
import { Stopping } from './errors.ts';
import { planRetry } from './plan-retry.ts';
import { retention } from './retention.ts';
import { adviceOf, createJobRunner } from './run-job.ts';
import type { WorkerActivity } from './watch-workers.ts';

export interface Workers {
  /** Stops taking jobs, aborts those that run, and waits for them until `deadlineMs` has passed. */
  stop(deadlineMs: number): Promise<void>;
  activity(): readonly WorkerActivity[];
}

export interface WorkersSetup<C> {
  readonly backend: QueueBackend;
  readonly jobs: readonly AnyJob<C>[];
  readonly context: C;
  readonly concurrency: Readonly<Record<QueueName, number>>;
  readonly log: Logger;
  readonly timings: WorkerTimings;
}

/** `lockMs`: a worker that does not renew its job or lease for this long has lost it. */
export interface WorkerTimings {
  readonly lockMs: number;
  /** How often the queue looks for jobs whose worker was lost. */
  readonly stalledMs: number;
  /** A job without progress for this long is ended here, and goes to another worker. */
  readonly stuckMs: number;
}

export const usualTimings: WorkerTimings = { lockMs: 30_000, stalledMs: 15_000, stuckMs: 45_000 };

const tuning = {
  // By default, BullMQ fails a job that lost its worker twice. Our jobs may run again.
  maxStalledCount: 1_000,
  // By default, a worker whose server came back waits 15 s before it asks for work again.
  runRetryDelay: 2_000,
  // Also for jobs that other programs queue; by default, these would be kept for ever.
  ...retention,
};

/** Starts one worker per queue; each runs the jobs of its queue. */
export function startWorkers<C>(setup: WorkersSetup<C>): Workers {
  const stopping = new AbortController();
  const names = Object.keys(queueNames) as QueueName[];
  const started = names.map((queue) => startWorker(queue, setup, stopping.signal));
  const workers = started.map(({ worker }) => worker);
  return {
    activity: () => started.map(({ activity }) => activity()),
    async stop(deadlineMs) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      stopping.abort(new Stopping());
      // `close` waits for ever if the queue's server is down.
      await Promise.race([closed.catch(() => undefined), timer(deadlineMs)]);
    },
  };
}

interface StartedWorker {
  readonly worker: Worker;
  activity(): WorkerActivity;
}

function startWorker<C>(
  queue: QueueName,
  setup: WorkersSetup<C>,
  stop: AbortSignal,
): StartedWorker {
  const name = queueNames[queue];
  const places = setup.concurrency[queue];
  const log = setup.log.child({ queue: name });
  const runner = createJobRunner(queue, { ...setup, log }, stop);
  const worker = setup.backend.createWorker(name, runner.process, {
    ...tuning,
    lockDuration: setup.timings.lockMs,
    stalledInterval: setup.timings.stalledMs,
    concurrency: places,
    settings: { backoffStrategy: (attempt, _type, error) => planRetry(attempt, adviceOf(error)) },
  });
  const { server } = setup.backend;
  const warn = throttleByCode((code) =>
    log.warn({ server, code }, 'the queue worker met an error'),
  );
  worker.on('error', (error) => warn(setup.backend.codeOf(error)));
  worker.on('locksRenewed', ({ jobIds }) => runner.renew(jobIds));
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost');
  });
  const activity = () => {
    const { taken, running } = runner.counts();
    return { queue: name, taken, hasRoom: running < places };
  };
  return { worker, activity };
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
