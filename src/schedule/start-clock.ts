import type { Logger } from 'pino';
import { readClock, startDatabaseClock } from '../timing/database-clock.ts';
import { inTime } from '../timing/in-time.ts';

/** Looks once for everything that is due. Returns the database's time at the look. */
export type Look = () => Promise<Date>;

export interface Clock {
  stop(): void;
}

export interface ClockTimings {
  /** The clock looks at the beginning of each of these, by the database's time. */
  readonly everyMs: number;
  /** A look that takes longer is not waited for. */
  readonly longestLookMs: number;
}

const usualTimings: ClockTimings = { everyMs: 60_000, longestLookMs: 120_000 };
/** So that a timer that fires a little early finds the minute begun. */
const marginMs = 20;

/**
 * Looks now, and from then on at the beginning of each minute of the database's clock, one look at a
 * time. Cron lines have no seconds, so nothing is due in between. The wait is measured by this
 * machine's monotonic clock: after a sleep or a jump of the clock there is one look, and after a
 * step back nothing waits for the old future.
 */
export function startClock(
  look: Look,
  log: Pick<Logger, 'warn'>,
  { everyMs, longestLookMs }: ClockTimings = usualTimings,
): Clock {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let ahead = startDatabaseClock(new Date());
  const wake = async () => {
    try {
      ahead = startDatabaseClock(await inTime(look(), longestLookMs));
    } catch (error) {
      if (!stopped) log.warn(describe(error), 'a wake-up of the clock failed');
    }
    if (stopped) return;
    const waitMs = everyMs - (readClock(ahead).getTime() % everyMs) + marginMs;
    timer = setTimeout(() => void wake(), waitMs);
  };
  void wake();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Only our own errors keep their words, which name the server; others may hold data. */
function describe(error: unknown) {
  const { code, name, message } = error as Error & { code?: string };
  return code?.startsWith('KEYSWEEP_') ? { code, reason: message } : { code: code ?? name };
}
