import { Command, CommanderError } from 'commander';
import { addCommand } from './command-entry.ts';
import { failureLine } from './failure-line.ts';
import { program } from './program.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs one command line. Every failure is a line on stderr and exit 2. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const parser = createParser(terminal);
  for (const entry of program) {
    addCommand(parser, entry, terminal, (end) => {
      code = end;
    });
  }
  addLater(parser, 'doctor');
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
    .showHelpAfterError('(keysweep --help lists the commands)');
}

/** Named in the contracts and not built yet: said so, rather than “unknown command”. */
function addLater(parent: Command, name: string): void {
  parent
    .command(name, { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(() => {
      throw new CommandFailed(`keysweep ${name} is not supported yet`);
    });
}
