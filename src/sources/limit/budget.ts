import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Limiter } from './open-limiter.ts';

/** A share of a rate limit, counted across workers. */
export interface Budget {
  /** Takes leave for one request if some is at hand, as it mostly is. */
  takeNow(): boolean;
  /** Takes leave for one request, or says after how many milliseconds to ask again. */
  tryTake(): Promise<number | undefined>;
  /** Nobody gets leave for this long. */
  block(ms: number): Promise<void>;
}

/** A fiftieth of a large share is taken at once: fewer round trips, and little of it is unused. */
const slices = 50;

/**
 * Takes leave from the shared count in slices and hands it out one by one. A slice lives no longer
 * than the window that it was taken in.
 */
export function createBudget(limiter: Limiter, points: number): Budget {
  const slice = Math.max(1, Math.floor(points / slices));
  let left = 0;
  let endsAt = 0;
  let taking: Promise<number | undefined> | undefined;

  const takeSlice = async (): Promise<number | undefined> => {
    const taken = await consume(limiter, slice);
    if (!taken.allowed) return Math.max(1, taken.endsInMs);
    left = slice;
    endsAt = performance.now() + taken.endsInMs;
    return undefined;
  };

  const takeNow = (): boolean => {
    if (left === 0 || performance.now() >= endsAt) return false;
    left -= 1;
    return true;
  };

  return {
    takeNow,
    async tryTake() {
      for (;;) {
        if (takeNow()) return undefined;
        taking ??= takeSlice().finally(() => {
          taking = undefined;
        });
        const waitMs = await taking;
        if (waitMs !== undefined) return waitMs;
      }
    },
    async block(ms) {
      left = 0;
      // The limiter takes 0 seconds for no end.
      await limiter.block('all', Math.max(1, Math.ceil(ms / 1_000)));
    },
  };
}

async function consume(limiter: Limiter, points: number) {
  try {
    const taken = await limiter.consume('all', points);
    return { allowed: true, endsInMs: taken.msBeforeNext };
  } catch (refused) {
    if (refused instanceof RateLimiterRes)
      return { allowed: false, endsInMs: refused.msBeforeNext };
    throw refused;
  }
}
