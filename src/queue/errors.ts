/** The queue did not take a job in time. The row it was for is there: `reconcile` queues it again. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'KEYSWEEP_QUEUE_UNAVAILABLE';
  readonly retryable = true;
}

/** This process is told to stop: what it works on is left for another, or for its next start. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
  readonly code = 'KEYSWEEP_STOPPING';
  readonly retryable = true;
  constructor() {
    super('keysweep is stopping');
  }
}

/** What an error may say of itself to the queue: whether, and after how long, to try again. */
export interface RetryAdvice {
  readonly retryable?: boolean;
  readonly retryInMs?: number;
}
