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
const longestDays = 366;
/** A schedule of every second would have 31 million in a year: it is told of some days less. */
const mostTicks = 100_000;

/**
 * The instants at which a schedule is due after `after` and until `until`, oldest first. Every time
 * of every local day comes once: where the clock jumps over it, at the first instant after; in a
 * repeated hour, the first time. Ticks that fall together are one. Of a longer time than a year, or
 * than holds 100,000 ticks, only the last part is looked at.
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

/** The walls of every time that may be due in between; most others of the days are left out. */
function* wallsBetween(times: CronTimes, clock: WallClock, from: number, to: number) {
  const edges = readEdges(clock, from, to);
  for (let day = dayOf(from, clock) - dayMs; day <= dayOf(to, clock); day += dayMs) {
    if (!times.matchesDay(day)) continue;
    for (const wall of wallsOf(times, day)) {
      // Asking a zone's clock for the instant costs, so what is outside anyhow is not asked for.
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
