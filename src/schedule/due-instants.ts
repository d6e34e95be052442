import type { WallClock } from './wall-clock.ts';

/** The times of day and the days of a cron line. */
export interface CronTimes {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  /** Whether the line is due on the day that begins at this wall-clock midnight. */
  matchesDay(midnight: number): boolean;
}

const dayMs = 86_400_000;
/** Ticks must be counted one by one, and a count of more than a year has no use. */
const longestDays = 366;
/**
 * A schedule of every second has 31 million ticks a year; only those of the last days are counted.
 */
const mostTicks = 100_000;

/**
 * The instants at which a schedule is due after `after` and until `until`, oldest first. Every time
 * of every local day comes once: if the clock jumps over it, at the first instant after that; in a
 * repeated hour, the first time. Ticks at the same instant count as one. If the period is longer
 * than a year or holds more than 100,000 ticks, only its last part is used.
 */
export function dueInstants(
  times: CronTimes,
  clock: WallClock,
  after: Date,
  until: Date,
): readonly Date[] {
  const to = until.getTime();
  const from = Math.max(after.getTime(), to - longestMs(times));
  const due = new Set<number>();
  for (const wall of wallsBetween(times, clock, from, to)) {
    const instant = clock.instantOf(wall);
    if (instant > from && instant <= to) due.add(instant);
  }
  return [...due].sort((a, b) => a - b).map((instant) => new Date(instant));
}

/** All walls that may be due between `from` and `to`, and few others. */
function* wallsBetween(times: CronTimes, clock: WallClock, from: number, to: number) {
  const edges = readEdges(clock, from, to);
  for (let day = dayOf(from, clock) - dayMs; day <= dayOf(to, clock); day += dayMs) {
    if (!times.matchesDay(day)) continue;
    for (const wall of wallsOf(times, day)) {
      // Converting a wall to an instant is slow, so walls that are certainly outside are skipped.
      if (wall > edges.first && wall <= edges.last) yield wall;
    }
  }
}

function longestMs({ hours, minutes, seconds }: CronTimes): number {
  const aDay = hours.length * minutes.length * seconds.length;
  return Math.min(longestDays, Math.ceil(mostTicks / aDay)) * dayMs;
}

/** Walls up to `first` and after `last` show no instant between `from` and `to`. */
function readEdges(clock: WallClock, from: number, to: number) {
  const around = (instant: number) => [
    clock.offsetAt(instant - dayMs),
    clock.offsetAt(instant),
    clock.offsetAt(instant + dayMs),
  ];
  return { first: from + Math.min(...around(from)), last: to + Math.max(...around(to)) };
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
