import { createTask, parse } from 'node-cron';

/** The times of day and the days of a cron line. */
export interface CronTimes {
  /** Milliseconds since midnight, ascending. */
  readonly timesOfDay: readonly number[];
  /** Whether the line is due on the day that begins at this wall-clock midnight. */
  matchesDay(midnight: number): boolean;
}

/**
 * Reads a cron line of five fields or a nickname such as `@daily` with node-cron's own parser and
 * matcher: day of month and day of week must both match, and `L`, `W` and `#` have its meanings.
 * Throws for a line that node-cron refuses, and for one with seconds.
 */
export function readCron(cron: string): CronTimes {
  if (cron.trim().split(/\s+/).length > 5) throw new RangeError('a cron line has five fields');
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(cron);
  const hours = ascending(hour);
  const minutes = ascending(minute);
  const timesOfDay = hours.flatMap((h) => minutes.map((m) => (h * 60 + m) * 60_000));
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  // node-cron keeps every task that is not destroyed; the matcher works without its task.
  void task.destroy();
  const isIn = [testOf(month), testOf(dayOfMonth), testOf(dayOfWeek)];
  const isPlain = [...dayOfMonth, ...dayOfWeek].every(isNumber);
  const matchesDay = (midnight: number) => {
    const day = new Date(midnight);
    const parts = [day.getUTCMonth() + 1, day.getUTCDate(), day.getUTCDay()];
    // The matcher is slow, so only days that pass this test, and lines with tokens, reach it.
    if (!isIn.every((test, at) => test(parts[at] ?? 0))) return false;
    return isPlain || task.match(new Date(midnight + (timesOfDay[0] ?? 0)));
  };
  return { timesOfDay, matchesDay };
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/** Whether a value may match the field. A token such as `L` or `5#2` may stand for any day. */
function testOf(field: readonly (number | string)[]): (value: number) => boolean {
  if (!field.every(isNumber)) return () => true;
  const values = new Set<number | string>(field);
  return (value) => values.has(value);
}

function isNumber(value: number | string): boolean {
  return typeof value === 'number';
}
