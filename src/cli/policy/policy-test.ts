import { resolve } from 'node:path';
import { findNamed } from '../../config/find-named.ts';
import {
  fileStart,
  type Mistake,
  renderMistakes,
  sortMistakes,
  toMistake,
} from '../../documents/mistake.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import { countCases } from '../../policy-test/count-cases.ts';
import { readCases } from '../../policy-test/read-cases.ts';
import { renderPolicyTestJson } from '../../policy-test/render-json.ts';
import { renderPolicyTestTable } from '../../policy-test/render-table.ts';
import { runCases } from '../../policy-test/run-cases.ts';
import { keysOfInventory, type WatchedKeys } from '../../policy-test/watched-keys.ts';
import { tableOptions } from '../output/table-options.ts';
import { writeOutput } from '../output/write-output.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';

export interface PolicyTestOptions {
  readonly policy?: string;
  /** Used for its inventory, and for whether waivers need approvals. */
  readonly config?: string;
  readonly inventory: readonly string[];
  readonly strict: boolean;
  readonly format: 'table' | 'json';
  readonly output?: string;
  readonly quiet: boolean;
  readonly color: boolean;
}

/**
 * `keysweep policy test FILE…`: runs the test cases of these files. Exits 1 when a case fails, and
 * with `--strict` also for a warning.
 */
export async function runPolicyTest(
  terminal: Terminal,
  files: readonly string[],
  options: PolicyTestOptions,
): Promise<ExitCode> {
  const { cwd } = terminal;
  const read = await readCases(files, { cwd, policy: options.policy });
  const inventory = await readKeys(terminal, options);
  const mistakes = [...read.mistakes, ...inventory.mistakes];
  if (mistakes.length > 0) {
    throw new CommandFailed(renderMistakes(sortMistakes(mistakes)).join('\n'));
  }
  const { keys, needsApprovals = false } = inventory;
  const result = await runCases(read.files, { inventory: keys, cwd, needsApprovals });
  const pieces =
    options.format === 'json'
      ? renderPolicyTestJson(result)
      : renderPolicyTestTable(result, { ...tableOptions(terminal, options), quiet: options.quiet });
  await writeOutput(terminal, pieces, options.output);
  const { failed, warnings } = countCases(result);
  return failed > 0 || (options.strict && warnings > 0) ? 1 : 0;
}

interface KeysRead {
  readonly keys?: WatchedKeys;
  readonly needsApprovals?: boolean;
  readonly mistakes: readonly Mistake[];
}

/** The tracked keys of the given files and of the inventory files in the configuration. */
async function readKeys(terminal: Terminal, options: PolicyTestOptions): Promise<KeysRead> {
  const { cwd, env } = terminal;
  const given = options.inventory.map((name) => resolve(cwd, name));
  const found =
    options.config === undefined
      ? undefined
      : await findNamed(resolve(cwd, options.config), env, cwd);
  if (found?.ok === false) return { mistakes: found.mistakes };
  const files = [...new Set([...given, ...(found?.named.inventory ?? [])])];
  const needsApprovals = found?.named.needsApprovals === true;
  if (files.length === 0) return { needsApprovals, mistakes: [] };

  const { keys, mistakes, unreadable } = await readInventory(files, { sources: undefined, cwd });
  const unopened = [...unreadable].map(([place, why]) => {
    const file = files[place] ?? '';
    return toMistake({ ...fileStart, path: [], message: why }, file, cwd);
  });
  return { keys: keysOfInventory(keys), needsApprovals, mistakes: [...mistakes, ...unopened] };
}
