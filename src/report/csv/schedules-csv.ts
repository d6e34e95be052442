import { describeClockChange, type ListedSchedule, type NextInstant } from '../schedules-model.ts';
import { instantCell } from './cells.ts';
import { type Columns, writeRows } from './write-rows.ts';

type Row = NextInstant & Pick<ListedSchedule, 'id' | 'cron' | 'timezone'>;

const columns: Columns<Row> = {
  schedule: ({ id }) => id,
  cron: ({ cron }) => cron,
  timezone: ({ timezone }) => timezone,
  due_at_utc: ({ at }) => instantCell(at),
  due_at_local: ({ local }) => local,
  change: ({ change }) => change,
  note: describeClockChange,
};

/** Renders the next instants of schedules as CSV, one row each. */
export function renderSchedulesCsv(schedules: readonly ListedSchedule[]): AsyncIterable<string> {
  return writeRows(columns, rowsOf(schedules));
}

async function* rowsOf(schedules: readonly ListedSchedule[]): AsyncIterable<Row> {
  for (const { next, ...schedule } of schedules) {
    for (const instant of next) yield { ...schedule, ...instant };
  }
}
