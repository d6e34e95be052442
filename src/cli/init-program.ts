import { type Command, Option } from 'commander';
import { environments, policyNames } from '../init/answers.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** `keysweep init`: a configuration to begin with. */
export function addInit(program: Command, terminal: Terminal, end: (code: ExitCode) => void): void {
  program
    .command('init')
    .description('write a configuration to begin with, which works with keysweep sandbox')
    .argument('[folder]', 'the folder to write it to', 'config')
    .addOption(
      new Option('--policy <name>', 'the policy to copy').choices(policyNames).default('starter'),
    )
    .addOption(
      new Option(
        '--environment <environment>',
        'which environment of the vendor to audit (default: sandbox)',
      ).choices(environments),
    )
    .option('--cron <line>', 'when to sweep (default: "30 2 * * *")')
    .option('--yes', 'ask nothing, use the defaults', false)
    .action(async (folder, options) => {
      const { runInit } = await import('./init.ts');
      end(await runInit(terminal, folder, options));
    });
}
