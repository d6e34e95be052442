import type { ScheduleConfig } from '../config/config.ts';
import { dueInstants } from '../timing/due-instants.ts';
import { readCron } from '../timing/read-cron.ts';
import { createWallClock } from '../timing/wall-clock.ts';

/** Whether a schedule is due again within `ms` after `now`. */
export function isDueWithin(
  { cron, timezone }: Pick<ScheduleConfig, 'cron' | 'timezone'>,
  now: Date,
  ms: number,
): boolean {
  const until = new Date(now.getTime() + ms);
  const [next] = dueInstants(readCron(cron), createWallClock(timezone), now, until);
  return next !== undefined;
}
