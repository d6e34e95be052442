import { type Refusal, renderRefusal } from '../record/store/errors.ts';

/**
 * The queue does not take jobs now. The database has their rows; `reconcile` queues them again.
 * `refusal`: the first word of the server's refusal (READONLY, OOM, …), or the code of the connection.
 */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'KEYSWEEP_QUEUE_UNAVAILABLE';
  readonly retryable = true;
  readonly refusal: string;
  /** Set if the server itself refused. */
  readonly refused: Refusal | undefined;
  constructor(refused: Refusal | string, refusal: string) {
    super(typeof refused === 'string' ? refused : renderRefusal(refused));
    this.refused = typeof refused === 'string' ? undefined : refused;
    this.refusal = refusal;
  }
}

/** This process must stop: another process, or its next start, continues the work. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
  readonly code = 'KEYSWEEP_STOPPING';
  readonly retryable = true;
  constructor() {
    super('keysweep is stopping');
  }
}

/** A job showed no progress: no answer came, no statement ended, and no wait was declared. */
export class JobStuck extends Error {
  override readonly name = 'JobStuck';
  readonly code = 'KEYSWEEP_JOB_STUCK';
  readonly retryable = true;
  readonly retryInMs = 0;
  constructor(stuckMs: number) {
    super(`the job showed no progress for ${Math.round(stuckMs / 1_000)} s`);
  }
}

/** An error's advice to the queue: whether to try again, and after how long. */
export interface RetryAdvice {
  readonly retryable?: boolean;
  readonly retryInMs?: number;
}
