import type { ScheduleConfig } from '../config/config.ts';
import { isDueWithin } from './is-due-within.ts';

/** A schedule that is due again this soon has no time for an outage to pass. */
const shortestMs = 30 * 60_000;

/** Whether a sweep has time: it is of a schedule, so nobody waits for it, that is not soon due again. */
export function isPatient(
  schedules: readonly ScheduleConfig[],
  schedule: string | null,
  now: Date,
): boolean {
  const found = schedules.find(({ id }) => id === schedule);
  return found !== undefined && !isDueWithin(found, now, shortestMs);
}
