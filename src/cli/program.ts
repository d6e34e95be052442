import { environments, policyNames } from '../init/answers.ts';
import { alertStates } from '../report/alerts-model.ts';
import { type CommandEntry, option } from './command-entry.ts';
import {
  backtestOptions,
  config,
  listOptions,
  noColor,
  noWorker,
  plainListOptions,
  quiet,
  reportOptions,
  verdictOptions,
} from './options.ts';
import { allRoles, parseLimit, parsePort, parseRoles } from './parse-option.ts';

const findingStatuses = ['open', 'waived', 'resolved'];

/**
 * Every command of keysweep. Each imports its module when it runs: `--help` must not wait for a
 * database client.
 */
export const program: readonly CommandEntry[] = [
  {
    name: 'init',
    about: 'write a configuration to begin with, which works with keysweep sandbox',
    words: [{ form: '[folder]', about: 'the folder to write it to', usual: 'config' }],
    options: [
      option('--policy <name>', 'the policy to copy', 'starter').choices(policyNames),
      option(
        '--environment <environment>',
        'which environment of the vendor to audit (default: sandbox)',
      ).choices(environments),
      option('--cron <line>', 'when to sweep (default: "30 2 * * *")'),
      option('--yes', 'ask nothing, use the defaults', false),
    ],
    load: async () => (await import('./init.ts')).runInit,
  },
  {
    name: 'demo',
    about: 'show it all: a sandbox of the vendor, one sweep, its report',
    options: [...reportOptions, option('--once', 'end after the report', false)],
    load: async () => (await import('./demo.ts')).runDemo,
  },
  {
    name: 'sweep',
    about: 'run one sweep of every tracked key and wait for it',
    options: [...verdictOptions, noWorker],
    load: async () => (await import('./sweep.ts')).runSweep,
  },
  {
    name: 'audit',
    about: 'audit these keys again, ahead of nightly work',
    words: [{ form: '<key...>', about: 'ids of tracked keys' }],
    options: [...verdictOptions, option('--source <id>', 'only in this source'), noWorker],
    load: async () => (await import('./sweep.ts')).runAudit,
  },
  {
    name: 'report',
    about: 'print a sweep; without an id the full one closed last',
    words: [{ form: '[sweep]', about: 'the id of a closed sweep' }],
    options: verdictOptions,
    load: async () => (await import('./report.ts')).runReport,
  },
  {
    name: 'findings',
    about: 'list findings: violations and their lives across sweeps',
    options: [
      ...listOptions(),
      option('--status <status...>', 'only these', findingStatuses).choices(findingStatuses),
    ],
    load: async () => (await import('./findings.ts')).runFindings,
  },
  {
    name: 'findings acknowledge',
    about: 'end a finding that tells of an event, such as a key that woke up',
    words: [{ form: '<fingerprint>', about: 'of the finding, or at least its first 8 digits' }],
    options: [
      config,
      option('--by <who>', 'who acknowledges it').makeOptionMandatory(),
      option('--reason <why>', 'why, for whoever audits this').makeOptionMandatory(),
      quiet,
    ],
    load: async () => (await import('./acknowledge.ts')).runAcknowledge,
  },
  { name: 'keys', about: 'list what is tracked' },
  {
    name: 'keys list',
    about: 'list the tracked keys with their newest verdict',
    options: listOptions('only keys with a finding this severe, or more so'),
    load: async () => (await import('./keys.ts')).runKeysList,
  },
  {
    name: 'start',
    about: 'run schedules, work and health until told to stop',
    options: [
      config,
      option(
        '--role <roles>',
        'of scheduler, worker, http; several with commas',
        allRoles,
      ).argParser(parseRoles),
    ],
    load: async () => (await import('./start.ts')).runStart,
  },
  {
    name: 'migrate',
    about: "bring a server database to this program's schema",
    options: [config],
    load: async () => (await import('./migrate.ts')).runMigrate,
  },
  {
    name: 'healthcheck',
    about: 'ask the running keysweep whether it is well',
    options: [config],
    load: async () => (await import('./healthcheck.ts')).runHealthcheck,
  },
  {
    name: 'sandbox',
    about: "imitate the vendor's API, with a sample fleet and faults",
    options: [
      option('--port <port>', 'where to listen', 4010).argParser(parsePort),
      option('--fleet <file>', 'a JSON file of keys'),
      option('--fault <spec...>', 'what goes wrong, such as 500:key_id or latency=200ms', []),
    ],
    load: async () => (await import('./sandbox.ts')).runSandboxCommand,
  },
  { name: 'config', about: 'check the configuration' },
  {
    name: 'config validate',
    about: 'report every mistake in the configuration, the policy and the inventory',
    options: [config],
    load: async () => (await import('./config-validate.ts')).runConfigValidate,
  },
  {
    name: 'config schema',
    about: 'print a JSON schema: keysweep, policy, keys or cases',
    words: [{ form: '[name]', about: 'which one', usual: 'keysweep' }],
    options: [option('--write <folder>', 'write all of them into a folder')],
    load: async () => (await import('./config-schema.ts')).runConfigSchema,
  },
  { name: 'policy', about: 'try a policy, and have it explained' },
  {
    name: 'policy test',
    about: 'judge the cases in these files; exit 1 when one comes to what it does not expect',
    words: [{ form: '<file...>', about: 'files of cases' }],
    options: [
      option('--policy <file>', 'judge by this policy instead of the one that the files name'),
      option('--inventory <file>', 'also say which waivers match none of these keys')
        .argParser((file: string, files: string[]) => [...files, file])
        .default([], 'none'),
      option('--config <file>', 'the same, for the inventory that this configuration names'),
      option('--strict', 'exit 1 for a warning too', false),
      option('--format <format>', 'how to print', 'table').choices(['table', 'json']),
      option('--output <file>', 'write to a file instead of stdout'),
      option('--quiet', 'leave out the cases that pass', false),
      noColor,
    ],
    load: async () => (await import('./policy-test.ts')).runPolicyTest,
  },
  {
    name: 'policy explain',
    about: 'print the page of a rule; of a rule of the policy also what it is set to',
    words: [{ form: '<rule>', about: 'a type of rule, or the id of a rule in the policy' }],
    options: [
      option('--policy <file>', 'look for the id in this policy'),
      option('--config <file>', 'or in the one that this configuration names'),
      noColor,
    ],
    load: async () => (await import('./policy-explain.ts')).runPolicyExplain,
  },
  {
    name: 'policy backtest',
    about: 'judge kept sweeps under another policy: what would open, resolve, be waived',
    options: [
      ...backtestOptions,
      option('--policy <file>', 'the other policy (default: the one that the configuration names)'),
      option('--sweep <id>', 'the sweep to judge (default: the full one closed last)'),
      option('--since <duration>', 'instead: all full ones opened since, such as 30d'),
    ],
    load: async () => (await import('./policy-backtest.ts')).runPolicyBacktest,
  },
  { name: 'alerts', about: 'what was told to whom, and what was not' },
  {
    name: 'alerts list',
    about: 'list alerts, newest first, and the sweeps that are held',
    options: [
      ...plainListOptions,
      option('--state <state...>', 'only these', []).choices(alertStates),
      option('--channel <id>', 'only of this channel'),
      option('--sweep <id>', 'only of this sweep'),
      option('--limit <count>', 'at most so many', 100).argParser(parseLimit),
    ],
    load: async () => (await import('./alerts-list.ts')).runAlertsList,
  },
  {
    name: 'alerts retry',
    about: 'send alerts again that failed, and at once those that wait for another attempt',
    words: [{ form: '[id...]', about: "an alert's id, or at least its first 8 digits" }],
    options: [
      config,
      noWorker,
      quiet,
      option('--failed', 'all that failed', false),
      option('--channel <id>', 'of all that failed, those of this channel'),
    ],
    load: async () => (await import('./alerts-retry.ts')).runAlertsRetry,
  },
  {
    name: 'alerts test',
    about: 'send a message to a channel that says it is a test',
    words: [{ form: '<channel>', about: 'the id of a channel, or owner:NAME' }],
    options: [config, quiet],
    load: async () => (await import('./alerts-test.ts')).runAlertsTest,
  },
  {
    name: 'alerts release',
    about: 'tell what a sweep holds back',
    words: [{ form: '<sweep>', about: 'its id, or at least its first 8 digits' }],
    options: [config, noWorker, quiet],
    load: async () => (await import('./alerts-retry.ts')).runAlertsRelease,
  },
];
