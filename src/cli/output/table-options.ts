import type { OutputOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { usesColor } from './colors.ts';

const widthWithoutTerminal = 120;

/** Colours, width and extent of a table. What `--output` names gets no colours. */
export function tableOptions(
  { env, stdout }: Terminal,
  { color, output, explain }: Pick<OutputOptions, 'color' | 'output' | 'explain'>,
) {
  const isShown = output === undefined;
  return {
    color: isShown && usesColor(env, stdout, color),
    // A pseudo-terminal that nobody sized has 0 columns.
    columns: (isShown && stdout.isTTY === true && stdout.columns) || widthWithoutTerminal,
    explain,
  };
}
