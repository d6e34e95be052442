import { takeItems } from '../../operations/paged-list.ts';
import { renderSweepsCsv } from '../../report/csv/lists-csv.ts';
import { renderSweepsJson } from '../../report/json.ts';
import { renderSweepsTable } from '../../report/table/sweeps-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export interface SweepsListOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly limit: number;
}

/** `keysweep sweeps list`: past and running sweeps, newest first. */
export async function runSweepsList(
  terminal: Terminal,
  options: SweepsListOptions,
): Promise<ExitCode> {
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const sweeps = takeItems(operations.sweeps({}), options.limit);
    const render = {
      table: () => renderSweepsTable(sweeps, tableOptions(terminal, options)),
      json: () => renderSweepsJson(sweeps),
      csv: () => renderSweepsCsv(sweeps),
    };
    await writeOutput(terminal, render[options.format](), options.output);
    return 0;
  } finally {
    await detach();
  }
}
