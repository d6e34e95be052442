import { RateLimiterRes } from 'rate-limiter-flexible';
import { inTime } from '../../timing/in-time.ts';
import type { Count, Counted } from './count.ts';
import type { Limiter, OpenLimiter } from './open-limiter.ts';

const key = 'all';
/** If the server hangs, calls stop waiting for a permit after this time and are retried later. */
const patienceMs = 5_000;

/** Counts for the sources' thread, in a place that all workers share. */
export function createCounter(open: OpenLimiter): (count: Count) => Promise<Counted> {
  const limiters = new Map<string, Limiter>();
  return async ({ limiter: options, what }) => {
    const limiter = limiters.get(options.keyPrefix) ?? open(options);
    limiters.set(options.keyPrefix, limiter);
    try {
      if ('blockSeconds' in what) {
        await inTime(limiter.block(key, what.blockSeconds), patienceMs);
        return { kind: 'leave', endsInMs: 0 };
      }
      const { msBeforeNext } = await inTime(limiter.consume(key, what.points), patienceMs);
      return { kind: 'leave', endsInMs: msBeforeNext };
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) return { kind: 'unavailable' };
      return { kind: 'none', endsInMs: refused.msBeforeNext };
    }
  };
}
