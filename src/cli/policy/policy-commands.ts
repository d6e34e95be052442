import { type CommandEntry, option } from '../command-entry.ts';
import { askedListOptions, backtestOptions, noColor, output } from '../options.ts';

/** The commands that are about a policy, and not about what a sweep found. */
export const policyCommands: readonly CommandEntry[] = [
  { name: 'policy', about: 'test and explain policies' },
  {
    name: 'policy test',
    about: 'run the test cases in these files; exit 1 when a case fails',
    words: [{ form: '<file...>', about: 'files with test cases' }],
    options: [
      option('--policy <file>', 'use this policy instead of the one named in the files'),
      option('--inventory <file>', 'also list the waivers that match no key of this inventory')
        .argParser((file: string, files: string[]) => [...files, file])
        .default([], 'none'),
      option('--config <file>', 'the same, for the inventory of this configuration'),
      option('--strict', 'exit 1 for warnings too', false),
      option('--format <format>', 'the format of the output', 'table').choices(['table', 'json']),
      output,
      option('--quiet', 'leave out the cases that pass', false),
      noColor,
    ],
    load: async () => (await import('./policy-test.ts')).runPolicyTest,
  },
  {
    name: 'policy explain',
    about: 'explain a rule; for a rule of your policy, also print its settings',
    words: [{ form: '<rule>', about: 'a rule type, or the id of a rule in the policy' }],
    options: [
      option('--policy <file>', 'look up the id in this policy'),
      option('--config <file>', 'or in the policy of this configuration'),
      noColor,
    ],
    load: async () => (await import('./policy-explain.ts')).runPolicyExplain,
  },
  {
    name: 'policy backtest',
    about: 'apply another policy to past sweeps: print what would open, resolve or be waived',
    options: [
      ...backtestOptions,
      option('--policy <file>', 'the other policy (default: the policy of the configuration)'),
      option('--sweep <id>', 'the sweep to use (default: the full sweep that closed last)'),
      option('--since <duration>', 'use all full sweeps of this long instead, such as 30d'),
    ],
    load: async () => (await import('./policy-backtest.ts')).runPolicyBacktest,
  },
  {
    name: 'policy waivers',
    about: 'list the waivers of the policy, who approved them, and whom they wait for',
    options: askedListOptions,
    load: async () => (await import('./policy-waivers.ts')).runPolicyWaivers,
  },
];
