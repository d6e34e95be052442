import { createLog } from '../../app/create-log.ts';
import { hearLibraries } from '../../app/hear-libraries.ts';
import { readConfig } from '../../config/read-config.ts';
import { renderMistakes } from '../../documents/mistake.ts';
import { renderDoctorCsv } from '../../report/csv/doctor-csv.ts';
import { type CheckLine, worstOf } from '../../report/doctor-model.ts';
import { renderDoctorJson } from '../../report/json.ts';
import { renderDoctorTable } from '../../report/table/doctor-table.ts';
import { renderCount } from '../../text/render-count.ts';
import type { ListOptions } from '../options.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import type { ExitCode, Terminal } from '../terminal.ts';

export interface DoctorOptions extends Omit<ListOptions, 'severity' | 'failOn'> {
  readonly send: boolean;
}

const exitCodes = { ok: 0, warning: 1, failure: 2 } as const;

/** `keysweep doctor`: one line per check. Exits 1 for warnings and 2 for failures. */
export async function runDoctor(terminal: Terminal, options: DoctorOptions): Promise<ExitCode> {
  const lines = await findLines(terminal, options);
  const render = {
    table: () => renderDoctorTable(lines, tableOptions(terminal, options)),
    json: () => renderDoctorJson(lines),
    csv: () => renderDoctorCsv(lines),
  };
  await writeOutput(terminal, render[options.format](), options.output);
  return exitCodes[worstOf(lines)];
}

const group = 'configuration';

async function findLines(
  { env, cwd }: Terminal,
  { config: path, send }: DoctorOptions,
): Promise<readonly CheckLine[]> {
  const { examine, listGroups } = await import('../../doctor/examine.ts');
  const read = await readConfig({ path, env, cwd });
  if (!read.ok) {
    const mend = 'correct it; keysweep config validate checks it again';
    return [
      ...renderMistakes(read.mistakes).map(
        (seen): CheckLine => ({ group, check: 'configuration', status: 'failure', seen, mend }),
      ),
      ...listGroups().map(notChecked),
    ];
  }
  const { config, secrets, secretFiles, warnings } = read;
  // The lines say what is wrong; the log would say it a second time.
  const log = createLog('silent', secrets);
  hearLibraries(log);
  const { inventory, sources } = config;
  const seen = `${config.file}: valid; ${renderCount(inventory.count, 'key')} of ${renderCount(sources.length, 'source')}`;
  return [
    { group, check: 'configuration', status: 'ok', seen, mend: null },
    ...warnings.map(
      (warning): CheckLine => ({
        ...{ group, check: 'configuration', status: 'warning', seen: warning },
        mend: 'change the configuration, if this is not meant',
      }),
    ),
    ...(await examine({ config, secrets, secretFiles, log, now: () => new Date(), sends: send })),
  ];
}

function notChecked(name: string): CheckLine {
  return {
    ...{ group: name, check: name, status: 'warning' },
    seen: 'not checked: the configuration has mistakes',
    mend: 'correct the configuration first',
  };
}
