import type { RetryAdvice } from './errors.ts';

const firstMs = 1_000;
const longestMs = 60_000;

/**
 * Milliseconds that a failed job waits for its next attempt: as long as its error advises. Without
 * advice, the wait doubles each time, up to a minute. `attempt` counts from 1.
 */
export function planRetry(attempt: number, advice: RetryAdvice): number {
  if (advice.retryInMs !== undefined) return Math.max(0, Math.round(advice.retryInMs));
  return Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 10));
}
