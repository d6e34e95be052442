import type { FindingStatus } from '../../record/reads/lists/findings-filter.ts';
import { renderFindingsCsv } from '../../report/csv/lists-csv.ts';
import { renderFindingsJson } from '../../report/json.ts';
import { renderFindingsTable } from '../../report/table/findings-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { listExitCode } from './list-exit-code.ts';

export interface FindingsOptions extends ListOptions {
  readonly status: FindingStatus[];
  readonly owner?: string[];
  readonly rule?: string[];
  readonly key?: string[];
  readonly source?: string[];
}

/** `keysweep findings`: every finding, the most severe first. */
export async function runFindings(terminal: Terminal, options: FindingsOptions): Promise<ExitCode> {
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const { status, severity, owner, rule, key, source } = options;
    const named = { owner, rule, key, source };
    const findings = operations.findings({ ...named, status, severity });
    const render = {
      table: () => renderFindingsTable(findings, tableOptions(terminal, options)),
      json: () => renderFindingsJson(findings),
      csv: () => renderFindingsCsv(findings),
    };
    const pieces = render[options.format]();
    await writeOutput(terminal, pieces, options.output);
    return await listExitCode(operations, options.failOn, named);
  } finally {
    await detach();
  }
}
