import { renderSweepsCsv } from '../../report/csv/lists-csv.ts';
import { renderSweepsJson } from '../../report/json.ts';
import { renderSweepsTable } from '../../report/table/sweeps-table.ts';
import { loadConfig } from '../config/load-config.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { attach } from '../run/attach.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export interface SweepsListOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly limit: number;
}

/** `keysweep sweeps list`: past and running sweeps, newest first. */
export async function runSweepsList(
  terminal: Terminal,
  options: SweepsListOptions,
): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { operations, detach } = await attach(loaded, new Set());
  try {
    const sweeps = operations.sweeps({ limit: options.limit });
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
