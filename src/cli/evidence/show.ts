import {
  renderShownJson,
  renderShownTable,
} from '../../evidence/shown-proof/render-shown-proof.ts';
import { checkShownProof } from '../../evidence/shown-proof/shown-proof.ts';
import { absentId } from '../../text/id-beginning.ts';
import type { OutputOptions } from '../options.ts';
import { writeOutput } from '../output/write-output.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

export interface EvidenceShowOptions extends Omit<OutputOptions, 'format'> {
  readonly format: 'table' | 'json';
}

/** `keysweep evidence show SWEEP KEY`: what a sweep found of a key, and whether the proof holds. */
export async function runEvidenceShow(
  terminal: Terminal,
  sweepId: string,
  key: string,
  options: EvidenceShowOptions,
): Promise<ExitCode> {
  const sweep = parseId('sweep', sweepId);
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
  try {
    const shown = await operations.keyProof({ sweep, key });
    if (shown === undefined) throw new CommandFailed(absentId('sweep', sweep));
    const parts = checkShownProof(shown);
    const render = options.format === 'json' ? renderShownJson : renderShownTable;
    await writeOutput(terminal, render(shown, parts), options.output);
    return Object.values(parts).every(Boolean) ? 0 : 1;
  } finally {
    await detach();
  }
}
