import type { ScheduleConfig } from '../config/config.ts';
import { isDueWithin } from './is-due-within.ts';

/** A schedule that is due again this soon cannot wait for an outage to pass. */
const shortestMs = 30 * 60_000;

/** Whether a sweep can wait: nobody asked for it, and its schedule is not due again soon. */
export function isPatient(
  schedules: readonly ScheduleConfig[],
  schedule: string | null,
  now: Date,
): boolean {
  const found = schedules.find(({ id }) => id === schedule);
  return found !== undefined && !isDueWithin(found, now, shortestMs);
}
