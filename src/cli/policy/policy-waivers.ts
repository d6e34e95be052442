import { hasDatabase } from '../../record/store/embedded/database-folder.ts';
import { renderWaiversCsv } from '../../report/csv/waivers-csv.ts';
import { type ListedWaiver, renderWaiversJson } from '../../report/waivers/listed-waiver.ts';
import { renderWaiversTable } from '../../report/waivers/waivers-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import type { AttachOptions } from '../run/attach.ts';
import { type ChosenStore, chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

/** `keysweep policy waivers`: the waivers, who approved them, and whom they wait for. */
export async function runPolicyWaivers(
  terminal: Terminal,
  options: Omit<ListOptions, 'severity' | 'failOn'>,
): Promise<ExitCode> {
  const waivers = await readWaivers(await chooseStore(terminal, options));
  const render = {
    table: () => renderWaiversTable(waivers, tableOptions(terminal, options)),
    json: () => renderWaiversJson(waivers),
    csv: () => renderWaiversCsv(waivers),
  };
  await writeOutput(terminal, render[options.format](), options.output);
  return 0;
}

/** Where no store was made yet, nobody has approved anything, and none is made. */
export async function readWaivers(
  { loaded, open }: ChosenStore,
  options: AttachOptions = {},
): Promise<readonly ListedWaiver[]> {
  const config = loaded?.config;
  if (config?.store.kind === 'embedded' && !hasDatabase(config.store.folder)) {
    const { listWaivers } = await import('../../operations/waivers/list-waivers.ts');
    return listWaivers(config, []);
  }
  const { operations, detach } = await open(new Set(), options);
  try {
    return (await operations.waivers({})) ?? [];
  } finally {
    await detach();
  }
}
