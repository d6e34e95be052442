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
  /** Terms whose cron line or time zone this program cannot read. */
  readonly unreadable: readonly ScheduleTerms[];
}

/** The ticks that these terms make due in a span, oldest first. */
export function listDue(terms: readonly ScheduleTerms[], { first, last }: DueSpan): DueRead {
  const ticks: DueTickOf[] = [];
  const unreadable: ScheduleTerms[] = [];
  for (const one of terms) {
    const after = Math.max(one.after.getTime(), first - 1);
    const until = Math.min(one.until?.getTime() ?? Infinity, last);
    if (until <= after) continue;
    const clock = readSchedule(one);
    if (clock === undefined) unreadable.push(one);
    else {
      const due = dueInstants(clock.times, clock.zone, new Date(after), new Date(until));
      for (const { at } of due) ticks.push({ terms: one, at });
    }
  }
  return { ticks, unreadable };
}

function readSchedule({ cron, timezone }: ScheduleTerms) {
  try {
    const read: { times: CronTimes; zone: WallClock } = {
      times: readCron(cron),
      zone: createWallClock(timezone),
    };
    return read;
  } catch {
    return undefined;
  }
}
