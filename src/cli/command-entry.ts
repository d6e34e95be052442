import { type Command, Option } from 'commander';
import { checkOutput } from './output/write-output.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Runs a command: the words of the command line in their order, then its options. */
export type RunCommand = (terminal: Terminal, ...given: never[]) => Promise<ExitCode>;

/** A command as `keysweep --help` shows it, and where the code is that runs it. */
export interface CommandEntry {
  /** `alerts list` belongs to the group `alerts`, which is an entry of its own. */
  readonly name: string;
  readonly about: string;
  readonly words?: readonly Word[];
  readonly options?: readonly Option[];
  /** Imports the module of the command, which is loaded for no other command. A group has none. */
  readonly load?: () => Promise<RunCommand>;
}

export interface Word {
  /** `<word>` is required, `[word]` is not, and three dots allow several. */
  readonly form: string;
  readonly about?: string;
  readonly usual?: string;
}

/** An option with its description; `usual` is its value where it is not given. */
export function option(flags: string, about: string, usual?: unknown): Option {
  return usual === undefined ? new Option(flags, about) : new Option(flags, about).default(usual);
}

/** Adds a command to the program, or to its group. `end` takes the exit code. */
export function addCommand(
  program: Command,
  { name, about, words = [], options = [], load }: CommandEntry,
  terminal: Terminal,
  end: (code: ExitCode) => void,
): void {
  const names = name.split(' ');
  const command = groupOf(program, names).command(names.at(-1) ?? name);
  command.description(about);
  for (const { form, about, usual } of words) command.argument(form, about ?? '', usual);
  for (const one of options) command.addOption(one);
  if (load === undefined) return;
  command.action(async (...given) => {
    // A group takes the options that both know.
    const options = withOutput(command.optsWithGlobals());
    if (options.output !== undefined) await checkOutput(terminal, options.output);
    const run = (await load()) as (terminal: Terminal, ...given: unknown[]) => Promise<ExitCode>;
    // Commander adds the options and the command.
    end(await run(terminal, ...given.slice(0, -2), options));
  });
}

/** Options in which `--output -`, which is stdout, counts as not given. */
function withOutput(options: { readonly output?: string }): { readonly output?: string } {
  const { output, ...others } = options;
  return output === undefined || output === '-' ? others : { ...others, output };
}

/** The command that a name of two words belongs to, else the program. */
export function groupOf(program: Command, names: readonly string[]): Command {
  const [group] = names;
  return (names.length > 1 && program.commands.find((one) => one.name() === group)) || program;
}
