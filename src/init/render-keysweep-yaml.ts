import type { VendorEnvironment } from './answers.ts';
import { sourceId } from './source-id.ts';

interface Values {
  readonly environment: VendorEnvironment;
  readonly cron: string;
  readonly timezone: string;
}

/** The text of keysweep.yaml, with comments for somebody who sees it for the first time. */
export function renderKeysweepYaml({ environment, cron, timezone }: Values): string {
  return [
    ...head,
    ...store,
    '# A source is one account at a vendor: its address and its credentials.',
    'sources:',
    `  - id: ${sourceId(environment)}`,
    '    type: flexcharge',
    `    environment: ${environment}`,
    ...access[environment],
    ...inventory,
    'policy: policy.yaml',
    '',
    '# When to sweep: minute, hour, day of the month, month, day of the week. `keysweep start` runs it.',
    'schedules:',
    '  - id: nightly',
    // A JSON string is a YAML string too.
    `    cron: ${JSON.stringify(cron)}`,
    `    timezone: ${timezone}`,
    ...alerts,
    ...http,
  ].join('\n');
}

const head = [
  '# yaml-language-server: $schema=./keysweep.schema.json',
  '#',
  '# What to audit, when, and whom to alert. `keysweep config validate` checks this file and the files',
  `# that it names. Paths are relative to this file. \${NAME} and \${NAME:-default} take environment`,
  '# variables; .env.example lists those that are used here. Every value can be read from a file',
  '# instead: appSecretFile: /run/secrets/app-secret',
  '',
];

const store = [
  '# Records and queue are in this folder, which one process at a time can open. Keep it out of version',
  '# control. For several processes, set DATABASE_URL (PostgreSQL) and run `keysweep migrate`.',
  'store:',
  '  url: pglite:.keysweep',
  '',
];

const access: Readonly<Record<VendorEnvironment, readonly string[]>> = {
  sandbox: [
    '    # `keysweep sandbox` imitates the vendor at this address and accepts these credentials.',
    "    # For the vendor's own sandbox, delete the line baseUrl and set the other two variables.",
    `    baseUrl: \${FLEXCHARGE_BASE_URL:-http://127.0.0.1:4010/v1}`,
    `    appKey: \${FLEXCHARGE_APP_KEY:-demo-app-key}`,
    `    appSecret: \${FLEXCHARGE_APP_SECRET:-demo-app-secret}`,
    '',
  ],
  production: [
    `    appKey: \${FLEXCHARGE_APP_KEY}`,
    `    appSecret: \${FLEXCHARGE_APP_SECRET}`,
    '    # rateLimit: { requests: 20, per: 1s } # the default; all processes together stay below it',
    '',
  ],
};

const inventory = [
  '# The keys to audit, one per row. A key that is not listed is not seen. CSV has no comments, so',
  '# the columns are explained here; only the first two are required.',
  '#   source           the id of a source above',
  "#   key_id           the vendor's id of the key, never the key itself",
  '#   owner            who answers for the key',
  '#   environment      a word of your own, such as production; rules and routes can match it',
  '#   approved_scopes  the scopes that the key may have, separated by |; empty: not stated',
  '#   tags             words of your own, separated by |; rules and routes can match them',
  '# The example row is a key of `keysweep sandbox`: it was last used 46 days ago. Replace it.',
  'inventory:',
  '  - file: keys.csv',
  '',
  '# The rules. `keysweep policy explain RULE` says what one of them finds and how to mend a key.',
];

const alerts = [
  '',
  '# Whom to alert when findings open, reopen or resolve. Without a channel they are only in reports.',
  '# `keysweep alerts test sec-slack` sends one message.',
  '# alerts:',
  '#   channels:',
  '#     - { id: sec-slack, type: slack, urlFile: /run/secrets/slack-url }',
  '#     - { id: oncall, type: pagerduty, routingKeyFile: /run/secrets/pagerduty-key }',
  '#     - { id: siem, type: webhook, url: "https://siem.example/keysweep", secretFile: /run/secrets/siem }',
  '',
];

const http = [
  '# The dashboard, the API, /metrics and probes, at this port of `keysweep start`. The log names the',
  '# file of the token to sign in with. Other machines reach it with host and tokens of your own.',
  '# http:',
  '#   port: 8080',
  '',
];
