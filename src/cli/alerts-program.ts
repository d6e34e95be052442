import { type Command, InvalidArgumentError, Option } from 'commander';
import { mostListedAlerts } from '../operations/alerts-request.ts';
import { alertStates } from '../report/alerts-model.ts';
import { runAlertsList } from './alerts-list.ts';
import { runAlertsRelease, runAlertsRetry } from './alerts-retry.ts';
import { runAlertsTest } from './alerts-test.ts';
import { withConfig, withPlainList } from './options.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** `keysweep alerts …`: what was told to whom, and what was not. */
export function addAlerts(
  program: Command,
  terminal: Terminal,
  end: (code: ExitCode) => void,
): void {
  const alerts = program.command('alerts').description('what was told to whom, and what was not');
  withPlainList(alerts.command('list'))
    .description('list alerts, newest first, and the sweeps that are held')
    .addOption(new Option('--state <state...>', 'only these').choices(alertStates).default([]))
    .option('--channel <id>', 'only of this channel')
    .option('--sweep <id>', 'only of this sweep')
    .option('--limit <count>', 'at most so many', parseLimit, 100)
    .action(async (options) => end(await runAlertsList(terminal, options)));
  withWaiting(alerts.command('retry'))
    .description('send alerts again that failed, and at once those that wait for another attempt')
    .argument('[id...]', "an alert's id, or at least its first 8 digits")
    .option('--failed', 'all that failed', false)
    .option('--channel <id>', 'of all that failed, those of this channel')
    .action(async (ids, options) => end(await runAlertsRetry(terminal, ids, options)));
  withConfig(alerts.command('test'))
    .description('send a message to a channel that says it is a test')
    .argument('<channel>', 'the id of a channel, or owner:NAME')
    .option('--quiet', 'no notes on stderr', false)
    .action(async (channel, options) => end(await runAlertsTest(terminal, channel, options)));
  withWaiting(alerts.command('release'))
    .description('tell what a sweep holds back')
    .argument('<sweep>', 'its id, or at least its first 8 digits')
    .action(async (sweep, options) => end(await runAlertsRelease(terminal, sweep, options)));
}

function withWaiting(command: Command): Command {
  return withConfig(command)
    .option('--no-worker', 'leave the work to another process')
    .option('--quiet', 'no notes on stderr', false);
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostListedAlerts) return limit;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${mostListedAlerts}.`);
}
