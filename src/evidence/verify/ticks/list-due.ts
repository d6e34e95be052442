import { dueInstants } from '../../../timing/due-instants.ts';
import { type CronTimes, readCron } from '../../../timing/read-cron.ts';
import { createWallClock, type WallClock } from '../../../timing/wall-clock.ts';
import { incomplete, leafPlace, type PackProblem } from '../problem.ts';
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
  readonly problems: readonly PackProblem[];
}

/** The ticks that these terms make due in a span, oldest first. */
export function listDue(terms: readonly ScheduleTerms[], { first, last }: DueSpan): DueRead {
  const ticks: DueTickOf[] = [];
  const problems: PackProblem[] = [];
  for (const one of terms) {
    const after = Math.max(one.after.getTime(), first - 1);
    const until = Math.min(one.until?.getTime() ?? Infinity, last);
    if (until <= after) continue;
    const clock = readSchedule(one);
    if (clock === undefined) problems.push(unreadable(one));
    else {
      const due = dueInstants(clock.times, clock.zone, new Date(after), new Date(until));
      for (const { at } of due) ticks.push({ terms: one, at });
    }
  }
  return { ticks, problems };
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

function unreadable({ n, schedule, cron, timezone }: ScheduleTerms): PackProblem {
  const message = `when schedule ${schedule} was due is not known: ${JSON.stringify(cron)} in ${timezone} cannot be read`;
  return incomplete('unreadable-schedule', leafPlace(n), message);
}
