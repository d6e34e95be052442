import { createTask, parse } from 'node-cron';
import type { CronTimes } from './due-instants.ts';

/**
 * Reads a cron line with node-cron's own parser and matcher, so that ticks are due exactly when
 * node-cron fires: day of month and day of week must both match, and `L` and `#` have its meanings.
 */
export function readCron(cron: string): CronTimes {
  const { second, minute, hour } = parse(cron);
  const fields = cron.trim().split(/\s+/);
  const days = createTask(`0 0 0 ${fields.slice(-3).join(' ')}`, () => undefined, {
    timezone: 'UTC',
  });
  // node-cron keeps every task that is not destroyed; the matcher works without its task.
  void days.destroy();
  return {
    hours: hour,
    minutes: minute,
    seconds: second,
    matchesDay: (midnight) => days.match(new Date(midnight)),
  };
}
