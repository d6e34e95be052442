import type { CheckedRecords, Checking } from '../../evidence/differences/check-result.ts';
import { renderCheckJson, renderCheckTable } from '../../evidence/differences/render-check.ts';
import type { OutputOptions } from '../options.ts';
import { writeOutput } from '../output/write-output.ts';
import { chooseStore } from '../server/choose-store.ts';
import { createProgressBar } from '../sweep/progress.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type PeriodOptions, readPeriod } from './read-period.ts';

export interface EvidenceCheckOptions extends PeriodOptions, Omit<OutputOptions, 'format'> {
  readonly format: 'table' | 'json';
}

/** `keysweep evidence check`: what of the records is not as the log says. */
export async function runEvidenceCheck(
  terminal: Terminal,
  options: EvidenceCheckOptions,
): Promise<ExitCode> {
  const period = readPeriod(options);
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const checked = await follow(terminal, await operations.evidenceCheck(period), options);
    const pieces = options.format === 'json' ? renderCheckJson(checked) : renderCheckTable(checked);
    await writeOutput(terminal, pieces, options.output);
    return checked.differences.length > 0 ? 1 : 0;
  } finally {
    await detach();
  }
}

/** A minute for each few million keys. */
async function follow(
  terminal: Terminal,
  checking: Checking,
  options: EvidenceCheckOptions,
): Promise<CheckedRecords> {
  const bar = createProgressBar(terminal, options);
  try {
    let step = await checking.next();
    for (; step.done !== true; step = await checking.next()) {
      terminal.signal.throwIfAborted();
      bar.show(...step.value);
    }
    return step.value;
  } finally {
    bar.clear();
  }
}
