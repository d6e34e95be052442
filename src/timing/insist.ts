import { setTimeout as pause } from 'node:timers/promises';
import { inTime } from './in-time.ts';
import { currentProgress } from './progress.ts';

export interface InsistTerms {
  /** Ends the tries: at once, also during a wait. */
  readonly signal: AbortSignal;
  /** How often to try at most; by default, until the signal. */
  readonly tries?: number;
  /** Whether another try may succeed; by default, always. */
  readonly mayPass?: (error: Error) => boolean;
  readonly failed: (error: Error & { code?: string }) => void;
  /** One try that takes longer counts as failed; 10 s unless given. */
  readonly mostMs?: number;
}

const firstMs = 100;
const longestMs = 2_000;

/**
 * Does the work until it succeeds, with growing waits. The work must do no harm if it is done
 * twice: the answer to its COMMIT may be lost. Each wait is declared as progress of the job. Throws the
 * last error.
 */
export async function insist<T>(
  work: () => Promise<T>,
  {
    signal,
    tries = Number.POSITIVE_INFINITY,
    mayPass = () => true,
    failed,
    mostMs = 10_000,
  }: InsistTerms,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await inTime(work(), mostMs);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error('something not an error');
      if (tried >= tries || signal.aborted || !mayPass(error)) throw error;
      failed(error);
      const waitMs = Math.min(longestMs, firstMs * 2 ** Math.min(tried - 1, 10));
      currentProgress()?.note(waitMs);
      await pause(waitMs, undefined, { signal }).catch(() => {
        throw error;
      });
    }
  }
}
