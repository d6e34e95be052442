const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
export const retriesEndAfterMs = 24 * hourMs;

/** The waits after the first, second, … attempt; the last one repeats until the day is over. */
const waitsMs = [
  ...[1, 5, 15, 30, 60].map((seconds) => seconds * secondMs),
  ...[5, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2].map((hours) => hours * hourMs),
] as const;

/**
 * Adds up to a tenth to each wait, so that alerts that failed together are not retried together.
 */
const jitter = 0.1;

export interface FailedDelivery {
  /** The number of attempts, including this one. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to now. */
  readonly sinceFirstMs: number;
  /** The wait that the receiver requested, if any. */
  readonly retryAfterMs?: number | undefined;
  /** At least 0 and below 1. */
  readonly random: number;
}

export type RedeliveryPlan =
  | { readonly kind: 'retry'; readonly delayMs: number }
  | { readonly kind: 'give-up' };

/**
 * Plans the retry of a delivery that failed for a passing reason. Retries go on for a day, and the last one
 * comes as the day ends. A receiver's `Retry-After` is honoured within that day.
 */
export function planRedelivery(failed: FailedDelivery): RedeliveryPlan {
  const leftMs = retriesEndAfterMs - failed.sinceFirstMs;
  if (leftMs <= 0) return { kind: 'give-up' };
  const waitMs = waitsMs[Math.max(0, failed.attempts - 1)] ?? 2 * hourMs;
  const ownMs = waitMs * (1 + jitter * failed.random);
  const delayMs = Math.min(leftMs, Math.max(ownMs, failed.retryAfterMs ?? 0));
  return { kind: 'retry', delayMs: Math.ceil(delayMs) };
}
