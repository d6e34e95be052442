import type { ScheduleConfig } from '../config/config.ts';

/** The terms of a sweep on request, which are also the defaults of schedules. */
const defaults = { overlap: 'skip', deadlineMs: 8 * 3_600_000 } as const;

/** How long a sweep of the schedule may take, and what happens to a tick while one is open. */
export function planDeadline(
  schedules: readonly ScheduleConfig[],
  schedule: string | undefined,
): Pick<ScheduleConfig, 'overlap' | 'deadlineMs'> {
  const found = schedules.find(({ id }) => id === schedule);
  return found === undefined ? defaults : { overlap: found.overlap, deadlineMs: found.deadlineMs };
}
