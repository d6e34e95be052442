import { type Job, UnrecoverableError, type Worker } from 'bullmq';
import type { Logger } from 'pino';
import { z } from 'zod';
import { throttleByCode } from '../timing/throttle-by-code.ts';
import type { QueueBackend } from './backend.ts';
import {
  type AnyJob,
  type JobRun,
  type Lease,
  type QueueName,
  queueNames,
  type Renew,
} from './define-job.ts';
import { type RetryAdvice, Stopping } from './errors.ts';
import { planRetry } from './plan-retry.ts';
import { retention } from './retention.ts';

export interface Workers {
  /** Stops taking jobs, aborts those that run, and waits for them until `deadlineMs` has passed. */
  stop(deadlineMs: number): Promise<void>;
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
}

export const usualTimings: WorkerTimings = { lockMs: 30_000, stalledMs: 15_000 };

const tuning = {
  // By default, BullMQ fails a job that lost its worker twice. Our jobs may run again.
  maxStalledCount: 1_000,
  // Also for jobs that other programs queue; by default, these would be kept for ever.
  ...retention,
};

/** Starts one worker per queue; each runs the jobs of its queue. */
export function startWorkers<C>(setup: WorkersSetup<C>): Workers {
  const stopping = new AbortController();
  const names = Object.keys(queueNames) as QueueName[];
  const workers = names.map((queue) => startWorker(queue, setup, stopping.signal));
  return {
    async stop(deadlineMs) {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      stopping.abort(new Stopping());
      // `close` waits for ever if the queue's server is down.
      await Promise.race([closed.catch(() => undefined), timer(deadlineMs)]);
    },
  };
}

function startWorker<C>(queue: QueueName, setup: WorkersSetup<C>, stop: AbortSignal): Worker {
  const jobs = new Map(
    setup.jobs.filter((job) => job.queue === queue).map((job) => [job.name, job]),
  );
  const renewals = new Map<string, Renew>();
  const log = setup.log.child({ queue: queueNames[queue] });
  const { lockMs, stalledMs } = setup.timings;
  const process = async (job: Job, _token?: string, lost?: AbortSignal) => {
    const lease: Lease = {
      ms: lockMs,
      onRenewed: (renew) => void renewals.set(String(job.id), renew),
    };
    const signals = lost === undefined ? [stop] : [stop, lost];
    const run: JobRun = {
      jobId: String(job.id),
      queuedAt: new Date(job.timestamp),
      signal: AbortSignal.any(signals),
      stopping: stop,
      lease,
    };
    try {
      await runJob(job, jobs.get(job.name), { ...setup.context, ...run });
    } catch (error) {
      throw toQueueError(error, log, job);
    } finally {
      renewals.delete(String(job.id));
    }
  };
  const worker = setup.backend.createWorker(queueNames[queue], process, {
    ...tuning,
    lockDuration: lockMs,
    stalledInterval: stalledMs,
    concurrency: setup.concurrency[queue],
    settings: { backoffStrategy: (attempt, _type, error) => planRetry(attempt, adviceOf(error)) },
  });
  const warn = throttleByCode((code) => log.warn({ code }, 'the queue worker met an error'));
  worker.on('error', (error: Error & { code?: string }) => warn(error.code ?? error.name));
  worker.on('locksRenewed', ({ jobIds }) => {
    for (const id of jobIds) {
      // Another worker takes over a lease that ran out, so the process need not end.
      renewals
        .get(id)?.()
        .catch((error: Error & { code?: string }) =>
          log.warn({ jobId: id, code: error.code ?? error.name }, 'a lease was not renewed'),
        );
    }
  });
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost');
  });
  return worker;
}

async function runJob<C>(job: Job, definition: AnyJob<C> | undefined, context: C & JobRun) {
  if (definition === undefined) throw new UnrecoverableError(`no such job: ${clip(job.name)}`);
  const payload = definition.payload.safeParse(job.data);
  if (!payload.success) {
    throw new UnrecoverableError(`the payload is refused: ${clip(z.prettifyError(payload.error))}`);
  }
  await definition.run(payload.data as never, context);
}

/**
 * The one place that turns “not retryable” into BullMQ's own error. The queue stores the message of
 * an error. Only our own errors keep their message, because it holds only ids.
 */
function toQueueError(thrown: unknown, log: Logger, job: Job): Error {
  const error = thrown instanceof Error ? thrown : new Error('something not an error was thrown');
  const { code = error.name, retryable } = error as Coded;
  const fields = { job: clip(job.name), jobId: job.id, code };
  if (error instanceof UnrecoverableError) {
    log.warn({ ...fields, reason: error.message }, 'a job was refused');
    return error;
  }
  if (!code.startsWith('KEYSWEEP_')) {
    log.error({ ...fields, stack: framesOf(error) }, 'a job failed');
    return new Error(`unexpected: ${code}`);
  }
  if (retryable === false) {
    log.warn({ ...fields, reason: error.message }, 'a job was refused');
    return new UnrecoverableError(error.message);
  }
  log.debug({ ...fields, reason: error.message }, 'a job ended early');
  return error;
}

/** The stack frames alone, because a foreign error's message may hold an address or row data. */
function framesOf({ stack = '' }: Error): readonly string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim());
}

type Coded = Error & RetryAdvice & { readonly code?: string };

function adviceOf(error: unknown): RetryAdvice {
  return error instanceof Error ? (error as RetryAdvice) : {};
}

function clip(text: unknown): string {
  return String(text).replace(/\s+/g, ' ').slice(0, 500);
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
