import { type Job, UnrecoverableError } from 'bullmq';
import type { Logger } from 'pino';
import { z } from 'zod';
import { framesOf } from '../text/frames-of.ts';
import type { AnyJob, JobRun, Lease, QueueName, Renew } from './define-job.ts';
import { endIfStuck } from './end-if-stuck.ts';
import { JobStuck, type RetryAdvice } from './errors.ts';

/** Runs the jobs of one queue in this process. */
export interface JobRunner {
  process(job: Job, token?: string, lost?: AbortSignal): Promise<void>;
  /** Prolongs the leases of these running jobs. */
  renew(jobIds: readonly string[]): void;
  /** Jobs taken since the start, and jobs that run now. */
  counts(): { readonly taken: number; readonly running: number };
}

interface RunnerSetup<C> {
  readonly jobs: readonly AnyJob<C>[];
  readonly context: C;
  readonly log: Logger;
  readonly timings: { readonly lockMs: number; readonly stuckMs: number };
}

/** Runs the jobs of one queue. `stop`: the process stops. */
export function createJobRunner<C>(
  queue: QueueName,
  { jobs: all, context, log, timings }: RunnerSetup<C>,
  stop: AbortSignal,
): JobRunner {
  const jobs = new Map(all.filter((job) => job.queue === queue).map((job) => [job.name, job]));
  const renewals = new Map<string, Renew>();
  // Each step of a delivery ends by itself, and a delivery that is aborted may be repeated.
  const watched = queue !== 'alerts';
  let taken = 0;
  let running = 0;

  const run = (job: Job, signals: readonly AbortSignal[]) => {
    const jobId = String(job.id);
    const lease: Lease = { ms: timings.lockMs, onRenewed: (renew) => renewals.set(jobId, renew) };
    const signal = AbortSignal.any([...signals]);
    const queuedAt = new Date(job.timestamp);
    const own: JobRun = { jobId, queuedAt, signal, stopping: stop, lease };
    return runJob(job, jobs.get(job.name), { ...context, ...own });
  };

  return {
    async process(job, _token, lost) {
      const signals = lost === undefined ? [stop] : [stop, lost];
      taken += 1;
      running += 1;
      try {
        if (watched) await endIfStuck((stuck) => run(job, [...signals, stuck]), timings.stuckMs);
        else await run(job, signals);
      } catch (error) {
        throw toQueueError(error, log, job);
      } finally {
        renewals.delete(String(job.id));
        running -= 1;
      }
    },

    renew(jobIds) {
      for (const id of jobIds) {
        // Another worker takes over a lease that ran out, so the process need not end.
        renewals
          .get(id)?.()
          .catch((error: Error & { code?: string }) =>
            log.warn({ jobId: id, code: error.code ?? error.name }, 'a lease was not renewed'),
          );
      }
    },

    counts: () => ({ taken, running }),
  };
}

async function runJob<C>(job: Job, definition: AnyJob<C> | undefined, context: C & JobRun) {
  if (definition === undefined) throw new UnrecoverableError(`no such job: ${clip(job.name)}`);
  const payload = definition.payload.safeParse(job.data);
  if (!payload.success) {
    const reason = `the payload is refused: ${clip(z.prettifyError(payload.error))}`;
    await definition.refuse?.(job.data, reason, context);
    throw new UnrecoverableError(reason);
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
  if (error instanceof JobStuck) log.warn({ ...fields, reason: error.message }, 'a job was stuck');
  else log.debug({ ...fields, reason: error.message }, 'a job ended early');
  return error;
}

type Coded = Error & RetryAdvice & { readonly code?: string };

/** An error's advice to the queue; none from errors that are not ours. */
export function adviceOf(error: unknown): RetryAdvice {
  return error instanceof Error ? (error as RetryAdvice) : {};
}

function clip(text: unknown): string {
  return String(text).replace(/\s+/g, ' ').slice(0, 500);
}
