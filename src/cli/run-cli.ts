import { Command, CommanderError } from 'commander';
import { version } from '../config/version.ts';
import { addCommand, groupOf } from './command-entry.ts';
import { failureLine } from './failure-line.ts';
import { program } from './program.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';

/** Runs one command line. Every failure is a line on stderr and exit 2. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const parser = createParser(terminal);
  for (const entry of program) {
    addCommand(parser, entry, terminal, (end) => {
      code = end;
    });
  }
  for (const name of planned) addPlanned(parser, name);
  try {
    await parser.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong with the usage, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    say(terminal, failureLine(error));
    return 2;
  }
}

function createParser(terminal: Terminal): Command {
  return new Command('keysweep')
    .description(
      'Audits API keys: reads each key from its vendor, checks it against a policy, keeps the result and sends alerts.',
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError(
      '(keysweep --help lists the commands, keysweep COMMAND --help its options)',
    );
}

/** Commands that are promised and not built yet. They say so, rather than “unknown command”. */
const planned = ['keys adopt', 'sources'];

function addPlanned(program: Command, name: string): void {
  const names = name.split(' ');
  groupOf(program, names)
    .command(names.at(-1) ?? name, { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .helpOption(false)
    .action(() => {
      throw new CommandFailed(`keysweep ${name} is not supported yet`);
    });
}
