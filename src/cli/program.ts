import { environments, policyNames } from '../init/answers.ts';
import { alertStates } from '../report/alerts-model.ts';
import { auditOutcomes } from '../report/audit-model.ts';
import { type CommandEntry, option } from './command-entry.ts';
import { evidenceCommands } from './evidence/evidence-commands.ts';
import {
  askedListOptions,
  config,
  explain,
  listOptions,
  noWorker,
  plainListOptions,
  quiet,
  reportOptions,
  server,
  verdictOptions,
} from './options.ts';
import { allRoles, parseLimit, parsePort, parseRoles } from './parse-option.ts';
import { policyCommands } from './policy/policy-commands.ts';
import { reviewCommands } from './reviews/review-commands.ts';

const findingStatuses = ['open', 'waived', 'resolved'];
const sweepId = 'the id of the sweep, or a unique beginning of it';

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
    about: 'try keysweep: start a sandbox of the vendor, run one sweep, print its report',
    options: [...reportOptions, option('--once', 'exit after the report', false)],
    load: async () => (await import('./sweep/demo.ts')).runDemo,
  },
  {
    name: 'sweep',
    about: 'run one sweep of every tracked key and wait for it',
    options: [
      ...verdictOptions,
      noWorker,
      option(
        '--replace-inventory',
        'accept an inventory that drops more than 30 % of the tracked keys',
        false,
      ),
    ],
    load: async () => (await import('./sweep/sweep.ts')).runSweep,
  },
  {
    name: 'audit',
    about: 'audit these keys again, before queued nightly work',
    words: [{ form: '<key...>', about: 'ids of tracked keys, or unique beginnings of them' }],
    options: [...verdictOptions, option('--source <id>', 'only keys of this source'), noWorker],
    load: async () => (await import('./sweep/sweep.ts')).runAudit,
  },
  {
    name: 'report',
    about: 'print the report of a sweep (default: the full sweep that closed last)',
    words: [{ form: '[sweep]', about: sweepId }],
    options: [
      ...verdictOptions,
      option('--review <id>', 'report this campaign of an access review instead of a sweep'),
    ],
    load: async () => (await import('./read/report.ts')).runReport,
  },
  {
    name: 'findings',
    about: 'list findings: violations, followed across sweeps',
    options: [
      ...listOptions(),
      option('--status <status...>', 'only findings with these statuses', findingStatuses).choices(
        findingStatuses,
      ),
      explain,
      option('--owner <name...>', 'only findings of keys with these owners'),
      option('--rule <id...>', 'only findings of these rules'),
      option('--key <id...>', 'only findings of these keys (unique beginnings are enough)'),
      option('--source <id...>', 'only findings of these sources'),
    ],
    load: async () => (await import('./read/findings.ts')).runFindings,
  },
  {
    name: 'findings acknowledge',
    about: 'close findings about events, such as a key that is used again',
    words: [
      {
        form: '<fingerprint...>',
        about: 'the fingerprint of a finding, or a unique beginning of it',
      },
    ],
    options: [
      config,
      server,
      option('--by <who>', 'who acknowledges it').makeOptionMandatory(),
      option('--reason <why>', 'the reason, for auditors').makeOptionMandatory(),
      quiet,
    ],
    load: async () => (await import('./read/acknowledge.ts')).runAcknowledge,
  },
  { name: 'sweeps', about: 'list sweeps, and stop a running one' },
  {
    name: 'sweeps list',
    about: 'list sweeps, newest first, with their coverage and verdicts',
    options: [
      ...askedListOptions,
      option('--limit <count>', 'list at most this number of sweeps', 100).argParser(parseLimit),
    ],
    load: async () => (await import('./read/sweeps-list.ts')).runSweepsList,
  },
  {
    name: 'sweeps stop',
    about: 'close a running sweep now; its keys without a verdict become unknown',
    words: [{ form: '<sweep>', about: sweepId }],
    options: [config, server, quiet],
    load: async () => (await import('./sweep/sweeps-stop.ts')).runSweepsStop,
  },
  { name: 'keys', about: 'list tracked keys' },
  {
    name: 'keys list',
    about: 'list the tracked keys with their newest verdict',
    options: listOptions('only keys with a finding of this severity or above'),
    load: async () => (await import('./read/keys.ts')).runKeysList,
  },
  ...reviewCommands,
  {
    name: 'audit-log',
    about: 'list the changes that were asked for, newest first: who, from where, what came of it',
    options: [
      ...askedListOptions,
      option('--who <name...>', 'only what these credentials or users asked for'),
      option('--what <operation...>', 'only these operations, such as sweep or acknowledge'),
      option('--origin <where...>', 'only from these addresses, or socket, queue, local'),
      option('--outcome <outcome...>', 'only what ended so').choices(auditOutcomes),
      option('--from <time>', 'only from this day or instant on (UTC)'),
      option('--to <time>', 'only until the end of this day, or before this instant (UTC)'),
      option('--limit <count>', 'list at most this number of records', 100).argParser(parseLimit),
    ],
    load: async () => (await import('./read/audit-log.ts')).runAuditLog,
  },
  {
    name: 'start',
    about: 'run schedules, workers and the HTTP server until stopped',
    options: [
      config,
      option(
        '--role <roles>',
        'what this process does: scheduler, worker, http, separated by commas',
        allRoles,
      ).argParser(parseRoles),
    ],
    load: async () => (await import('./run/start.ts')).runStart,
  },
  {
    name: 'migrate',
    about: 'update the schema of a database server to this version of keysweep',
    options: [config],
    load: async () => (await import('./run/migrate.ts')).runMigrate,
  },
  {
    name: 'doctor',
    about: 'check everything that keysweep needs, and say how to mend what is wrong',
    options: [...plainListOptions, option('--send', 'send a test message to every channel', false)],
    load: async () => (await import('./run/doctor.ts')).runDoctor,
  },
  {
    name: 'healthcheck',
    about: 'ask a running keysweep whether it is healthy',
    options: [config],
    load: async () => (await import('./run/healthcheck.ts')).runHealthcheck,
  },
  {
    name: 'sandbox',
    about: "imitate the vendor's API, with a sample fleet and faults",
    options: [
      option('--port <port>', 'the port to listen on', 4010).argParser(parsePort),
      option('--fleet <file>', 'a JSON file of keys'),
      option('--fault <spec...>', 'faults to imitate, such as 500:key_id or latency=200ms', []),
    ],
    load: async () => (await import('./run/sandbox.ts')).runSandboxCommand,
  },
  { name: 'config', about: 'check the configuration files' },
  {
    name: 'config validate',
    about: 'report every mistake in the configuration, the policy and the inventory',
    options: [config],
    load: async () => (await import('./config/config-validate.ts')).runConfigValidate,
  },
  {
    name: 'config schema',
    about: 'print a JSON schema: keysweep, policy, keys or cases',
    words: [{ form: '[name]', about: 'the name of the schema', usual: 'keysweep' }],
    options: [option('--write <folder>', 'write all schemas to this folder')],
    load: async () => (await import('./config/config-schema.ts')).runConfigSchema,
  },
  {
    name: 'schedules',
    about: 'list when each schedule is due next, in its time zone',
    options: plainListOptions,
    load: async () => (await import('./config/schedules.ts')).runSchedules,
  },
  ...policyCommands,
  { name: 'alerts', about: 'list alerts and send them again' },
  {
    name: 'alerts list',
    about: 'list alerts, newest first, and the sweeps that hold alerts back',
    options: [
      ...askedListOptions,
      option('--state <state...>', 'only alerts in these states', []).choices(alertStates),
      option('--channel <id>', 'only alerts to this channel'),
      option('--sweep <id>', 'only alerts of this sweep (a unique beginning of its id is enough)'),
      option('--limit <count>', 'list at most this number of alerts', 100).argParser(parseLimit),
    ],
    load: async () => (await import('./alerts/alerts-list.ts')).runAlertsList,
  },
  {
    name: 'alerts retry',
    about: 'send failed alerts again, and waiting alerts now',
    words: [{ form: '[id...]', about: 'the id of an alert, or a unique beginning of it' }],
    options: [
      config,
      server,
      noWorker,
      quiet,
      option('--failed', 'all failed alerts', false),
      option('--channel <id>', 'with --failed: only alerts to this channel'),
    ],
    load: async () => (await import('./alerts/alerts-retry.ts')).runAlertsRetry,
  },
  {
    name: 'alerts test',
    about: 'send a test message to a channel',
    words: [{ form: '<channel>', about: 'the id of a channel, or owner:NAME' }],
    options: [config, server, quiet],
    load: async () => (await import('./alerts/alerts-test.ts')).runAlertsTest,
  },
  {
    name: 'alerts release',
    about: 'send the alerts that a sweep holds back',
    words: [{ form: '<sweep>', about: sweepId }],
    options: [config, server, noWorker, quiet],
    load: async () => (await import('./alerts/alerts-retry.ts')).runAlertsRelease,
  },
  ...evidenceCommands,
];
