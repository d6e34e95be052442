import type { OutputOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { usesColor } from './colors.ts';

const widthWithoutTerminal = 120;

/** Colours and width of a table. What `--output` names gets no colours. */
export function tableOptions(
  { env, stdout }: Terminal,
  { color, output }: Pick<OutputOptions, 'color' | 'output'>,
) {
  const isShown = output === undefined;
  return {
    color: isShown && usesColor(env, stdout, color),
    // A pseudo-terminal that nobody sized has 0 columns.
    columns: (isShown && stdout.isTTY === true && stdout.columns) || widthWithoutTerminal,
  };
}
