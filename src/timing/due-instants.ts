import type { CronTimes } from './read-cron.ts';
import type { WallClock } from './wall-clock.ts';

/** An instant at which a schedule is due. */
export interface DueInstant {
  readonly at: number;
  /** The local time that the cron line names, as `WallClock` has it. */
  readonly wall: number;
}

/** A run of ticks that follow each other. */
export interface TickRun {
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
}

/** The newest tick that is due, and the run of those before it. */
export interface DueTicks {
  readonly newest: Date;
  readonly before: TickRun | undefined;
}

const dayMs = 86_400_000;
/** A count of more than a year has no use. */
const longestMs = 366 * dayMs;

/**
 * Yields the instants at which a schedule is due after `after` and until `until`, oldest first.
 * Every time of every local day comes once: if the clock jumps over it, at the first instant after
 * that; in a repeated hour, the first time. Ticks at the same instant count as one.
 */
export function* dueInstants(
  times: CronTimes,
  clock: WallClock,
  after: Date,
  until: Date,
): Generator<DueInstant> {
  const span = { from: after.getTime(), to: until.getTime() };
  let last = span.from;
  for (const day of daysOf(times, clock, span)) {
    for (const due of instantsOf(times, clock, day, { ...span, from: last })) {
      last = due.at;
      yield due;
    }
  }
}

/**
 * The ticks that are due after `after` and until `until`. Memory and work grow with the days of
 * that time and not with its ticks. Looks at the last year only.
 */
export function countDue(
  times: CronTimes,
  clock: WallClock,
  after: Date,
  until: Date,
): DueTicks | undefined {
  const to = until.getTime();
  const span = { from: Math.max(after.getTime(), to - longestMs), to };
  const tally = { count: 0, first: 0, newest: 0, before: 0 };
  const add = (count: number, first: number, before: number, newest: number) => {
    if (tally.count === 0) tally.first = first;
    tally.before = count > 1 ? before : tally.newest;
    tally.newest = newest;
    tally.count += count;
  };
  const { timesOfDay } = times;
  const [first = 0] = timesOfDay;
  const [before = 0, newest = 0] = [timesOfDay.at(-2), timesOfDay.at(-1)];
  for (const day of daysOf(times, clock, span)) {
    const from = Math.max(span.from, tally.newest);
    const start = startOf(day, clock);
    if (start !== undefined && start + first > from && start + newest <= to) {
      add(timesOfDay.length, start + first, start + before, start + newest);
    } else {
      for (const { at } of instantsOf(times, clock, day, { from, to })) add(1, at, at, at);
    }
  }
  return tally.count === 0 ? undefined : toDueTicks(tally);
}

interface Tally {
  readonly count: number;
  readonly first: number;
  readonly before: number;
  readonly newest: number;
}

function toDueTicks({ count, first, before, newest }: Tally): DueTicks {
  const run = { count: count - 1, first: new Date(first), last: new Date(before) };
  return { newest: new Date(newest), before: run.count === 0 ? undefined : run };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The local days, as midnights, on which the line may be due between two instants. */
function* daysOf(times: CronTimes, clock: WallClock, { from, to }: Span): Generator<number> {
  for (let day = dayOf(from, clock) - dayMs; day <= dayOf(to, clock); day += dayMs) {
    if (times.matchesDay(day)) yield day;
  }
}

function dayOf(instant: number, clock: WallClock): number {
  return Math.floor((instant + clock.offsetAt(instant)) / dayMs) * dayMs;
}

/** The instant at which a local day begins; undefined if the clock changes on that day or nearby. */
function startOf(day: number, clock: WallClock): number | undefined {
  const offset = clock.offsetAt(day - dayMs);
  const isSteady = [day, day + dayMs, day + 2 * dayMs].every((at) => clock.offsetAt(at) === offset);
  return isSteady ? day - offset : undefined;
}

function* instantsOf(
  { timesOfDay }: CronTimes,
  clock: WallClock,
  day: number,
  { from, to }: Span,
): Generator<DueInstant> {
  const start = startOf(day, clock);
  let last = from;
  for (const time of timesOfDay) {
    const wall = day + time;
    const at = start === undefined ? clock.instantOf(wall) : start + time;
    if (at > to) return;
    if (at > last) yield { at, wall };
    last = Math.max(last, at);
  }
}
