/** The database's clock, advanced by this machine's monotonic clock, which all threads share. */
export interface DatabaseClock {
  /** How far the database's clock is ahead of the monotonic one, in milliseconds. */
  readonly aheadMs: number;
}

export function startDatabaseClock(now: Date): DatabaseClock {
  return { aheadMs: now.getTime() - monotonicMs() };
}

export function readClock({ aheadMs }: DatabaseClock): Date {
  return new Date(Math.floor(aheadMs + monotonicMs()));
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
