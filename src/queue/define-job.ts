import type { z } from 'zod';

/** The queues, as other programs know them. */
export const queueNames = {
  requests: 'keysweep-requests',
  sweeps: 'keysweep-sweeps',
  audits: 'keysweep-audits',
  alerts: 'keysweep-alerts',
} as const;
export type QueueName = keyof typeof queueNames;

export type Renew = () => Promise<unknown>;

/** The job's lock as the work sees it: what is leased is renewed whenever the lock is. */
export interface Lease {
  readonly ms: number;
  onRenewed(renew: Renew): void;
}

/** What one run of a job is given beside its payload. `signal` aborts at shutdown or lock loss. */
export interface JobRun {
  readonly jobId: string;
  /** When the job was queued, by its producer's clock; with the id it names one job for ever. */
  readonly queuedAt: Date;
  readonly signal: AbortSignal;
  readonly lease: Lease;
}

/** What it takes to queue a job: where, what it carries (ids only), how often it is tried. */
export interface JobOrder<P> {
  readonly name: string;
  readonly queue: QueueName;
  readonly payload: z.ZodType<P>;
  readonly attempts: number;
}

/** A job: how it is queued and what it does. */
export interface JobDefinition<P, C> extends JobOrder<P> {
  run(payload: P, context: C & JobRun): Promise<void>;
}

/** Any job of a list of jobs: its payload is known only to itself. */
export type AnyJob<C> = Omit<JobDefinition<never, C>, 'payload'> & {
  readonly payload: z.ZodType<unknown>;
};

/** One job to be put on the queue. */
export interface Enqueued<P> {
  readonly id: string;
  readonly payload: P;
  readonly delayMs?: number;
  /** Lower runs first; jobs without one run before all others. */
  readonly priority?: number;
}
