import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Limiter } from './open-limiter.ts';

/** A share of a rate limit, counted across workers. */
export interface Budget {
  /** Takes a permit for one request from the local slice; false if the slice has none left. */
  takeNow(): boolean;
  /** Takes a permit for one request, or returns the milliseconds to wait before asking again. */
  tryTake(): Promise<number | undefined>;
  /** Gives no permits for this long. */
  block(ms: number): Promise<void>;
}

/** Taking a fiftieth of a large share at once saves round trips and leaves little unused. */
const slices = 50;

/**
 * Takes permits from the shared count in slices and gives them out one by one. A slice expires with
 * the window that it was taken in.
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
      // The limiter reads 0 seconds as for ever.
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
