import type { ScheduleConfig } from '../config/config.ts';
import { countDue } from '../timing/due-instants.ts';
import { readCron } from '../timing/read-cron.ts';
import { createWallClock } from '../timing/wall-clock.ts';

const dayMs = 86_400_000;
/** Most schedules are due daily or monthly, and each day that is looked at costs time. */
const looksMs = [2, 40, 366].map((days) => days * dayMs);

/**
 * The newest instant after `after` and until `until` at which a schedule was due, if there is one in
 * the last year. Throws if the cron line is unreadable.
 */
export function lastDue(
  { cron, timezone }: Pick<ScheduleConfig, 'cron' | 'timezone'>,
  after: Date,
  until: Date,
): Date | undefined {
  const times = readCron(cron);
  const clock = createWallClock(timezone);
  for (const lookMs of looksMs) {
    const from = new Date(Math.max(after.getTime(), until.getTime() - lookMs));
    const due = countDue(times, clock, from, until);
    if (due !== undefined) return due.newest;
  }
  return undefined;
}
