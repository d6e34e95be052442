/** The queue did not take a job in time. The database has its row; `reconcile` queues it again. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'KEYSWEEP_QUEUE_UNAVAILABLE';
  readonly retryable = true;
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

/** An error's advice to the queue: whether to try again, and after how long. */
export interface RetryAdvice {
  readonly retryable?: boolean;
  readonly retryInMs?: number;
}
