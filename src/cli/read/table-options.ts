import type { OutputOptions } from '../options.ts';
import type { Terminal } from '../terminal.ts';

const widthWithoutTerminal = 120;

/** Colours and width of a table. A file or a pipe gets no colours. */
export function tableOptions(
  terminal: Terminal,
  { color, output }: Pick<OutputOptions, 'color' | 'output'>,
) {
  const toTerminal = output === undefined && terminal.stdout.isTTY === true;
  return {
    color: color && toTerminal && !terminal.env['NO_COLOR'],
    // A pseudo-terminal that nobody sized has 0 columns.
    columns: (toTerminal ? terminal.stdout.columns : undefined) || widthWithoutTerminal,
  };
}
