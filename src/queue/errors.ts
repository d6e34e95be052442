/** The queue did not take a job in time. The row it was for is there: `reconcile` queues it again. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'KEYSWEEP_QUEUE_UNAVAILABLE';
  readonly retryable = true;
}

/** What an error may say of itself to the queue: whether, and after how long, to try again. */
export interface RetryAdvice {
  readonly retryable?: boolean;
  readonly retryInMs?: number;
}
