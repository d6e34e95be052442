import { takeItems } from '../../operations/paged-list.ts';
import { parseTimeEnd, timeEndForm } from '../../operations/recording/time-end.ts';
import type { AuditOutcome } from '../../report/audit-model.ts';
import { renderAuditCsv } from '../../report/csv/lists-csv.ts';
import { renderAuditJson } from '../../report/json.ts';
import { renderAuditTable } from '../../report/table/audit-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

export interface AuditLogOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly who?: string[];
  readonly what?: string[];
  readonly origin?: string[];
  readonly outcome?: AuditOutcome[];
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

/** `keysweep audit-log`: the changes that were asked for, newest first. */
export async function runAuditLog(terminal: Terminal, options: AuditLogOptions): Promise<ExitCode> {
  const { who, what, origin, outcome, from, to, limit } = options;
  for (const [end, text] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (text === undefined || parseTimeEnd(text, end) !== undefined) continue;
    throw new CommandFailed(`--${end} ${JSON.stringify(text)}: ${timeEndForm}`);
  }
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const filter = { who, what, origin, outcome, from, to };
    const records = takeItems(operations.auditLog(filter), limit);
    const render = {
      table: () => renderAuditTable(records, tableOptions(terminal, options)),
      json: () => renderAuditJson(records),
      csv: () => renderAuditCsv(records),
    };
    await writeOutput(terminal, render[options.format](), options.output);
    return 0;
  } finally {
    await detach();
  }
}
