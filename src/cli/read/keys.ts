import type { Config } from '../../config/config.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import type { Operations } from '../../operations/index.ts';
import { listUnaudited } from '../../record/reads/lists/merge-inventory.ts';
import { hasDatabase } from '../../record/store/embedded/database-folder.ts';
import { renderKeysCsv } from '../../report/csv/lists-csv.ts';
import { renderKeysJson } from '../../report/json.ts';
import type { ListedKey } from '../../report/model.ts';
import { renderKeysTable } from '../../report/table/keys-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { listExitCode } from './list-exit-code.ts';

/**
 * `keysweep keys list`: the tracked keys with their newest verdict, or those with findings. Where no
 * store was made yet, it lists the inventory and makes none.
 */
export async function runKeysList(terminal: Terminal, options: ListOptions): Promise<ExitCode> {
  const { loaded, open } = await chooseStore(terminal, options);
  if (loaded !== undefined && isNotThere(loaded.config)) {
    // A key without a verdict has no finding.
    const keys = options.severity === 'info' ? listUnaudited(loaded.config.inventory) : none();
    await printKeys(terminal, keys, options);
    return 0;
  }
  const { operations, detach } = await open();
  try {
    await printKeys(terminal, withFindings(operations, options.severity), options);
    return await listExitCode(operations, options.failOn);
  } finally {
    await detach();
  }
}

function isNotThere({ store }: Config): boolean {
  return store.kind === 'embedded' && !hasDatabase(store.folder);
}

async function printKeys(
  terminal: Terminal,
  keys: AsyncIterable<ListedKey>,
  options: ListOptions,
): Promise<void> {
  const render = {
    table: () => renderKeysTable(keys, tableOptions(terminal, options)),
    json: () => renderKeysJson(keys),
    csv: () => renderKeysCsv(keys),
  };
  await writeOutput(terminal, render[options.format](), options.output);
}

async function* none(): AsyncIterable<ListedKey> {}

/** Every key; above the lowest severity, only keys with an unresolved finding that severe. */
function withFindings(operations: Operations, severity: Severity): AsyncIterable<ListedKey> {
  return operations.keys(severity === 'info' ? {} : { severity });
}
