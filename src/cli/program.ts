import { Command, CommanderError, Option } from 'commander';
import type { Role } from '../app/open-app.ts';
import { runSandbox } from '../sandbox/command.ts';
import { runAcknowledge } from './acknowledge.ts';
import { addAlerts } from './alerts-program.ts';
import { runConfigSchema } from './config-schema.ts';
import { runConfigValidate } from './config-validate.ts';
import { runDemo } from './demo.ts';
import { failureLine } from './failure-line.ts';
import { runFindings } from './findings.ts';
import { runHealthcheck } from './healthcheck.ts';
import { addInit } from './init-program.ts';
import { runKeysList } from './keys.ts';
import { runMigrate } from './migrate.ts';
import { withBacktest, withConfig, withList, withOutput, withVerdict } from './options.ts';
import { runPolicyBacktest } from './policy-backtest.ts';
import { runPolicyExplain } from './policy-explain.ts';
import { runPolicyTest } from './policy-test.ts';
import { runReport } from './report.ts';
import { allRoles, runStart } from './start.ts';
import { runAudit, runSweep } from './sweep.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';
import { version } from './version.ts';

/** Runs one command line. Every failure is a line on stderr and exit 2. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram(terminal, (end) => {
    code = end;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said what is wrong with the usage, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    say(terminal, failureLine(error));
    return 2;
  }
}

type End = (code: ExitCode) => void;

function createProgram(terminal: Terminal, end: End): Command {
  const program = new Command('keysweep')
    .description(
      'Audits API keys: what the vendor says of each, judged by a policy, kept and told.',
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .showHelpAfterError('(keysweep --help lists the commands)');
  addInit(program, terminal, end);
  addSweeping(program, terminal, end);
  addReading(program, terminal, end);
  addRunning(program, terminal, end);
  addConfig(program, terminal, end);
  addPolicy(program, terminal, end);
  addAlerts(program, terminal, end);
  addLater(program, 'doctor');
  return program;
}

function addSweeping(program: Command, terminal: Terminal, end: End): void {
  withOutput(program.command('demo'))
    .description('show it all: a sandbox of the vendor, one sweep, its report')
    .option('--once', 'end after the report', false)
    .action(async (options) => end(await runDemo(terminal, { ...options, failOn: 'low' })));
  withVerdict(program.command('sweep'))
    .description('run one sweep of every tracked key and wait for it')
    .option('--no-worker', 'leave the work to another process')
    .action(async (options) => end(await runSweep(terminal, options)));
  withVerdict(program.command('audit'))
    .description('audit these keys again, ahead of nightly work')
    .argument('<key...>', 'ids of tracked keys')
    .option('--source <id>', 'only in this source')
    .option('--no-worker', 'leave the work to another process')
    .action(async (keys, options) => end(await runAudit(terminal, keys, options)));
}

function addReading(program: Command, terminal: Terminal, end: End): void {
  const statuses = ['open', 'waived', 'resolved'];
  withVerdict(program.command('report'))
    .description('print a sweep; without an id the full one closed last')
    .argument('[sweep]', 'the id of a closed sweep')
    .action(async (sweep, options) => end(await runReport(terminal, sweep, options)));
  const findings = withList(program.command('findings'))
    .description('list findings: violations and their lives across sweeps')
    .addOption(new Option('--status <status...>', 'only these').choices(statuses).default(statuses))
    .action(async (options) => end(await runFindings(terminal, options)));
  withConfig(findings.command('acknowledge'))
    .description('end a finding that tells of an event, such as a key that woke up')
    .argument('<fingerprint>', 'of the finding, or at least its first 8 digits')
    .requiredOption('--by <who>', 'who acknowledges it')
    .requiredOption('--reason <why>', 'why, for whoever audits this')
    .option('--quiet', 'no notes on stderr', false)
    .action(async (fingerprint, _options, command) =>
      end(await runAcknowledge(terminal, fingerprint, command.optsWithGlobals())),
    );
  const keys = program.command('keys').description('list what is tracked');
  withList(keys.command('list'), 'only keys with a finding this severe, or more so')
    .description('list the tracked keys with their newest verdict')
    .action(async (options) => end(await runKeysList(terminal, options)));
}

function addRunning(program: Command, terminal: Terminal, end: End): void {
  withConfig(program.command('start'))
    .description('run schedules, work and health until told to stop')
    .option(
      '--role <roles>',
      'of scheduler, worker, http; several with commas',
      parseRoles,
      allRoles,
    )
    .action(async (options) => end(await runStart(terminal, options)));
  withConfig(program.command('migrate'))
    .description("bring a server database to this program's schema")
    .action(async (options) => end(await runMigrate(terminal, options)));
  withConfig(program.command('healthcheck'))
    .description('ask the running keysweep whether it is well')
    .action(async (options) => end(await runHealthcheck(terminal, options)));
  program
    .command('sandbox')
    .description("imitate the vendor's API, with a sample fleet and faults")
    .option('--port <port>', 'where to listen', parsePort, 4010)
    .option('--fleet <file>', 'a JSON file of keys')
    .option('--fault <spec...>', 'what goes wrong, such as 500:key_id or latency=200ms', [])
    .action(async ({ port, fleet, fault }) => {
      const { signal } = terminal;
      const fleetFile = fleet === undefined ? {} : { fleetFile: fleet };
      await runSandbox({
        port,
        faults: fault,
        signal,
        say: (line) => say(terminal, line),
        ...fleetFile,
      });
    });
}

function addConfig(program: Command, terminal: Terminal, end: End): void {
  const config = program.command('config').description('check the configuration');
  withConfig(config.command('validate'))
    .description('report every mistake in the configuration, the policy and the inventory')
    .action(async (options) => end(await runConfigValidate(terminal, options)));
  config
    .command('schema')
    .description('print a JSON schema: keysweep, policy, keys or cases')
    .argument('[name]', 'which one', 'keysweep')
    .option('--write <folder>', 'write all of them into a folder')
    .action(async (name, options) => end(await runConfigSchema(terminal, name, options)));
}

function addPolicy(program: Command, terminal: Terminal, end: End): void {
  const policy = program.command('policy').description('try a policy, and have it explained');
  addPolicyTest(policy, terminal, end);
  policy
    .command('explain')
    .description('print the page of a rule; of a rule of the policy also what it is set to')
    .argument('<rule>', 'a type of rule, or the id of a rule in the policy')
    .option('--policy <file>', 'look for the id in this policy')
    .option('--config <file>', 'or in the one that this configuration names')
    .option('--no-color', 'no colours')
    .action(async (rule, options) => end(await runPolicyExplain(terminal, rule, options)));
  addPolicyBacktest(policy, terminal, end);
}

function addPolicyBacktest(policy: Command, terminal: Terminal, end: End): void {
  withBacktest(policy.command('backtest'))
    .description('judge kept sweeps under another policy: what would open, resolve, be waived')
    .option('--policy <file>', 'the other policy (default: the one that the configuration names)')
    .option('--sweep <id>', 'the sweep to judge (default: the full one closed last)')
    .option('--since <duration>', 'instead: all full ones opened since, such as 30d')
    .action(async (options) => end(await runPolicyBacktest(terminal, options)));
}

function addPolicyTest(policy: Command, terminal: Terminal, end: End): void {
  policy
    .command('test')
    .description('judge the cases in these files; exit 1 when one comes to what it does not expect')
    .argument('<file...>', 'files of cases')
    .option('--policy <file>', 'judge by this policy instead of the one that the files name')
    .addOption(
      new Option('--inventory <file>', 'also say which waivers match none of these keys')
        .argParser((file: string, files: string[]) => [...files, file])
        .default([], 'none'),
    )
    .option('--config <file>', 'the same, for the inventory that this configuration names')
    .option('--strict', 'exit 1 for a warning too', false)
    .addOption(
      new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'),
    )
    .option('--output <file>', 'write to a file instead of stdout')
    .option('--quiet', 'leave out the cases that pass', false)
    .option('--no-color', 'no colours')
    .action(async (files, options) => end(await runPolicyTest(terminal, files, options)));
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

function parseRoles(text: string): readonly Role[] {
  return text.split(',').map((word) => {
    const role = allRoles.find((known) => known === word.trim());
    if (role === undefined) {
      throw new CommandFailed(`--role ${word}: there are scheduler, worker and http`);
    }
    return role;
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandFailed(`--port ${text}: must be a whole number from 0 to 65535`);
}
