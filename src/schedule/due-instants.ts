import type { WallClock } from './wall-clock.ts';

/** What a cron line says: times of day, and on which days. */
export interface CronTimes {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  /** Whether the line is due on the day that begins at this wall-clock midnight. */
  matchesDay(midnight: number): boolean;
}

const dayMs = 86_400_000;
/** Nobody needs the count of the ticks of more than a year, and they must be counted one by one. */
const longestMs = 366 * dayMs;

/**
 * The instants at which a schedule is due after `after` and until `until`, oldest first. Every time
 * of every local day comes once: where the clock jumps over it, at the first instant after; in a
 * repeated hour, the first time. Ticks that fall together are one.
 */
export function dueInstants(
  times: CronTimes,
  clock: WallClock,
  after: Date,
  until: Date,
): readonly Date[] {
  const from = Math.max(after.getTime(), until.getTime() - longestMs);
  const to = until.getTime();
  const due = new Set<number>();
  for (let day = dayOf(from, clock) - dayMs; day <= dayOf(to, clock); day += dayMs) {
    if (!times.matchesDay(day)) continue;
    for (const wall of wallsOf(times, day)) {
      const instant = clock.instantOf(wall);
      if (instant > from && instant <= to) due.add(instant);
    }
  }
  return [...due].sort((a, b) => a - b).map((instant) => new Date(instant));
}

function dayOf(instant: number, clock: WallClock): number {
  const wall = instant + clock.offsetAt(instant);
  return Math.floor(wall / dayMs) * dayMs;
}

function* wallsOf({ hours, minutes, seconds }: CronTimes, day: number): Generator<number> {
  for (const hour of hours) {
    for (const minute of minutes) {
      for (const second of seconds) yield day + (hour * 3_600 + minute * 60 + second) * 1_000;
    }
  }
}
