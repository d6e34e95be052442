import { dayMs } from '../../keys/days.ts';
import { dueInstants } from '../../timing/due-instants.ts';
import { type CronTimes, readCron } from '../../timing/read-cron.ts';
import { createWallClock, type WallClock } from '../../timing/wall-clock.ts';
import type { ScheduleTerms } from './list-terms.ts';

/** A tick that was due. */
export interface DueTickOf {
  readonly terms: ScheduleTerms;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** Instants, both included. */
export interface DueSpan {
  readonly first: number;
  readonly last: number;
}

export interface DueRead {
  readonly ticks: readonly DueTickOf[];
  readonly unreadable: readonly UnreadableTerms[];
}

/** Terms whose ticks are not told. */
export interface UnreadableTerms extends ScheduleTerms {
  /** Why: this program cannot read the cron line or time zone, or the ticks are too many to list. */
  readonly why: 'unknown' | 'too-many';
}

/** A sweep a minute for almost four years: a log may name any times, and nobody waits for more. */
const mostTicks = 2_000_000;
/** Over all terms: nine years of 300 schedules. */
const mostDays = 1_000_000;

/** The ticks that these terms make due in a span, oldest first. */
export function listDue(terms: readonly ScheduleTerms[], { first, last }: DueSpan): DueRead {
  const ticks: DueTickOf[] = [];
  const unreadable: UnreadableTerms[] = [];
  let days = 0;
  for (const one of terms) {
    const after = Math.max(one.after.getTime(), first - 1);
    const until = Math.min(one.until?.getTime() ?? Infinity, last);
    if (until <= after) continue;
    days += (until - after) / dayMs;
    const clock = readSchedule(one);
    if (clock === undefined) unreadable.push({ ...one, why: 'unknown' });
    else if (days > mostDays || !addTicks(ticks, one, clock, { first: after, last: until })) {
      unreadable.push({ ...one, why: 'too-many' });
    }
  }
  return { ticks, unreadable };
}

/** Adds the ticks after the first instant and until the last one; or none, where all are too many. */
function addTicks(
  ticks: DueTickOf[],
  terms: ScheduleTerms,
  { times, zone }: Clock,
  { first, last }: DueSpan,
): boolean {
  const before = ticks.length;
  for (const { at } of dueInstants(times, zone, new Date(first), new Date(last))) {
    if (ticks.length === mostTicks) {
      ticks.length = before;
      return false;
    }
    ticks.push({ terms, at });
  }
  return true;
}

interface Clock {
  readonly times: CronTimes;
  readonly zone: WallClock;
}

function readSchedule({ cron, timezone }: ScheduleTerms): Clock | undefined {
  try {
    return { times: readCron(cron), zone: createWallClock(timezone) };
  } catch {
    return undefined;
  }
}
