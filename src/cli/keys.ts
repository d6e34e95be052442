import { renderKeysJson } from '../report/json.ts';
import { renderKeysTable } from '../report/keys-table.ts';
import { attach } from './attach.ts';
import { loadConfig } from './load-config.ts';
import type { OutputOptions } from './options.ts';
import { tableOptions } from './print-report.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { writeOutput } from './write-output.ts';

/** `keysweep keys list`: the tracked keys with their newest verdict. */
export async function runKeysList(terminal: Terminal, options: OutputOptions): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { operations, detach } = await attach(loaded, new Set());
  try {
    const keys = operations.readKeys();
    const pieces =
      options.format === 'json'
        ? renderKeysJson(keys)
        : renderKeysTable(keys, tableOptions(terminal, options));
    await writeOutput(terminal, pieces, options.output);
    return 0;
  } finally {
    await detach();
  }
}
