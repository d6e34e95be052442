import { renderSchedulesCsv } from '../../report/csv/schedules-csv.ts';
import { renderSchedulesJson } from '../../report/json.ts';
import { renderSchedulesTable } from '../../report/table/schedules-table.ts';
import { nextInstants } from '../../schedule/next-instants.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { loadConfig } from './load-config.ts';

const listed = 5;

/**
 * `keysweep schedules`: the next instants of each schedule of the configuration, by this machine's
 * clock. Opens no store.
 */
export async function runSchedules(
  terminal: Terminal,
  options: Omit<ListOptions, 'severity' | 'failOn'>,
  now = new Date(),
): Promise<ExitCode> {
  const { config } = await loadConfig(terminal, options.config, options);
  const schedules = config.schedules.map(({ id, cron, timezone }) => ({
    id,
    cron,
    timezone,
    next: nextInstants({ cron, timezone }, now, listed),
  }));
  const render = {
    table: () => renderSchedulesTable(schedules, tableOptions(terminal, options)),
    json: () => renderSchedulesJson(schedules),
    csv: () => renderSchedulesCsv(schedules),
  };
  await writeOutput(terminal, render[options.format](), options.output);
  return 0;
}
