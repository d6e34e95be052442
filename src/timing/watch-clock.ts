import { readClock, startDatabaseClock } from './database-clock.ts';

/**
 * Watches a clock by this machine's monotonic one. Each call takes its time now and returns the
 * milliseconds by which it was set back since the call before, at least 0.
 */
export function watchClock(): (now: Date) => number {
  let expected: ReturnType<typeof startDatabaseClock> | undefined;
  return (now) => {
    const backMs = expected === undefined ? 0 : readClock(expected).getTime() - now.getTime();
    expected = startDatabaseClock(now);
    return Math.max(0, backMs);
  };
}
