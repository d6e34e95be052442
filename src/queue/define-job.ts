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

/** The job's lock. Each renewal of the lock also renews the leases. */
export interface Lease {
  readonly ms: number;
  onRenewed(renew: Renew): unknown;
}

/** The inputs of one run beside its payload. `signal` aborts at shutdown or lock loss. */
export interface JobRun {
  readonly jobId: string;
  /** When the job was queued, by its producer's clock; with the id it identifies a job for ever. */
  readonly queuedAt: Date;
  readonly signal: AbortSignal;
  /** Aborts at shutdown only. */
  readonly stopping: AbortSignal;
  readonly lease: Lease;
}

/** How a job is queued: on which queue, with which payload (ids only), for how many attempts. */
export interface JobOrder<P> {
  readonly name: string;
  readonly queue: QueueName;
  readonly payload: z.ZodType<P>;
  readonly attempts: number;
}

/** A job: how it is queued and what it does. */
export interface JobDefinition<P, C> extends JobOrder<P> {
  run(payload: P, context: C & JobRun): Promise<void>;
  /** Hears why a payload was refused, before the job fails. */
  refuse?(data: unknown, reason: string, context: C): Promise<void>;
}

/** A job in a list of jobs; only the job knows the type of its payload. */
export type AnyJob<C> = Omit<JobDefinition<never, C>, 'payload'> & {
  readonly payload: z.ZodType<unknown>;
};

/** One job to add to the queue. */
export interface Enqueued<P> {
  readonly id: string;
  readonly payload: P;
  readonly delayMs?: number;
  /** A lower one runs first; jobs without priority run before all others. */
  readonly priority?: number;
}
