import { takeItems } from '../../operations/paged-list.ts';
import type { AlertState } from '../../report/alerts-model.ts';
import { renderAlertsCsv } from '../../report/csv/lists-csv.ts';
import { renderAlertsJson } from '../../report/json.ts';
import { renderAlertsTable } from '../../report/table/alerts-table.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { noteUnknownChannel } from './note-unknown-channel.ts';

export interface AlertsListOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly state: AlertState[];
  readonly channel?: string;
  readonly sweep?: string;
  readonly limit: number;
}

/** `keysweep alerts list`: the outbox, newest first. Exits 0 whether or not the alerts arrived. */
export async function runAlertsList(
  terminal: Terminal,
  options: AlertsListOptions,
): Promise<ExitCode> {
  const sweep = options.sweep === undefined ? undefined : parseId('sweep', options.sweep);
  const { loaded, open } = await chooseStore(terminal, options);
  noteUnknownChannel(terminal, loaded?.config, options);
  const { operations, detach } = await open();
  try {
    const { channel, limit } = options;
    const state = options.state.length === 0 ? undefined : options.state;
    const filter = { state, channel: channel === undefined ? undefined : [channel], sweep };
    const alerts = takeItems(operations.alerts(filter), limit);
    const held = await operations.heldSweeps({});
    const render = {
      table: () => renderAlertsTable(alerts, held, tableOptions(terminal, options)),
      json: () => renderAlertsJson(alerts, held),
      csv: () => renderAlertsCsv(alerts),
    };
    await writeOutput(terminal, render[options.format](), options.output);
    return 0;
  } finally {
    await detach();
  }
}
