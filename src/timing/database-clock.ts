/** Another machine's clock, carried on by this one's monotonic clock, which all threads share. */
export interface CarriedClock {
  /** What that clock is ahead of the monotonic one, in milliseconds. */
  readonly aheadMs: number;
}

export function carryClock(now: Date): CarriedClock {
  return { aheadMs: now.getTime() - monotonicMs() };
}

export function readClock({ aheadMs }: CarriedClock): Date {
  return new Date(Math.floor(aheadMs + monotonicMs()));
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
