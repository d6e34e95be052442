import type { ScheduleConfig } from '../config/config.ts';
import { readCron } from '../timing/read-cron.ts';
import { dueInstants } from './due-instants.ts';
import { createWallClock } from './wall-clock.ts';

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
