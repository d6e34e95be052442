// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of the configuration
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { goodConfig, mistakesWith, readGood } from './workspace.ts';

const canary = 'canary-5f2d';
const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
const nightly = 'schedules: [{ id: nightly, cron: "0 1 * * *" }]\n';

const good = (lines: string, env: Record<string, string> = {}, files = {}) =>
  readGood({ files: { 'config/keysweep.yaml': goodConfig + lines, ...files }, env });
const alertsOf = async (lines: string) => (await good(lines)).config.alerts;

/** The example of the documentation: every key there is. */
const documented = `
store:
  url: pglite:../.keysweep       # or postgres://…   DATABASE_URL overrides
queue:
  url: redis://127.0.0.1:6379    # optional: without it the queue lives in the store.   REDIS_URL overrides
  prefix: keysweep               # producers use the same
sources:
  - id: flexcharge-prod
    type: flexcharge
    environment: production      # sandbox | production: the documented hosts
    baseUrl: http://127.0.0.1:4010/v1   # optional, overrides the host
    appKey: \${FLEXCHARGE_APP_KEY}
    appSecret: \${FLEXCHARGE_APP_SECRET}
    rateLimit: { requests: 20, per: 1s }   # across all workers
    concurrency: 10              # requests in flight in one worker
    timeout: 10s                 # one request, whole
    attempts: 5
    usageLag: 0s
inventory:
  - file: keys.csv
policy: policy.yaml
schedules:
  - { id: nightly, cron: "30 2 * * *", timezone: America/New_York, catchUp: 12h, overlap: skip, deadline: 8h }
alerts:
  channels:
    - { id: siem, type: webhook, url: https://siem.example/hook, secret: ${secret} }
    - { id: sec-slack, type: slack, url: https://hooks.slack.example/services/T0/B0/x }
    - { id: oncall, type: pagerduty, routingKey: R0 , url: https://events.example/v2/enqueue }   # url optional
    - { id: mail, type: email, smtp: smtp://mail.example, from: keysweep@shop.example, to: [ security@shop.example ] }
    - { id: teams, type: teams, url: https://flows.example/x }
    - { id: console, type: log }
  routes:                        # a finding goes to the channels of every route that matches; no match given: all
    - match: { severity: [critical, high], owner: [payments], environment: [production] }
      channels: [siem, oncall]
  remindAfter: 7d                # optional: an open finding is told again
  anomaly: { changed: 30%, atLeast: 20 }
  allowPrivateNetworks: false    # channel URLs may point at loopback and private addresses
heartbeat: { nightly: https://hc.example/uuid }
owners:
  payments: { channels: [ sec-slack ], email: payments@shop.example }   # a route may name the channel \`owner\`
http: { host: 127.0.0.1, port: 8080 }
retention: 400d
log: { level: info }
`;

test('the documented example is right, and means what it says', async () => {
  const env = { FLEXCHARGE_APP_KEY: 'k', FLEXCHARGE_APP_SECRET: 's' };
  const keys = 'source,key_id\nflexcharge-prod,key_1\n';
  const files = { 'config/keysweep.yaml': documented, 'config/keys.csv': keys };
  const { config, secrets, warnings } = await readGood({ files, env });
  expect(warnings).toEqual([]);
  const { channels, ...alerts } = config.alerts;
  expect(channels.map(({ id, type }) => [id, type])).toEqual([
    ['siem', 'webhook'],
    ['sec-slack', 'slack'],
    ['oncall', 'pagerduty'],
    ['mail', 'email'],
    ['teams', 'teams'],
    ['console', 'log'],
  ]);
  expect(channels[3]).toMatchObject({
    from: 'keysweep@shop.example',
    to: ['security@shop.example'],
  });
  expect(alerts).toMatchObject({
    remindAfterMs: 7 * 86_400_000,
    anomaly: { changed: 0.3, atLeast: 20 },
    allowPrivateNetworks: false,
  });
  expect([...config.heartbeats]).toEqual([['nightly', 'healthchecks']]);
  expect([...config.owners]).toEqual([
    ['payments', { channels: ['sec-slack'], email: 'payments@shop.example' }],
  ]);
  expect(secrets.channels.get('oncall')).toEqual({
    url: 'https://events.example/v2/enqueue',
    routingKey: 'R0',
  });
  expect(secrets.channels.get('mail')).toEqual({ smtp: 'smtp://mail.example' });
  expect(secrets.heartbeats.get('nightly')).toBe('https://hc.example/uuid');
});

test('the example of docs/channels.md is right, and nothing in it is warned of', async () => {
  const page = readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8');
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const files = {
    'config/siem': secret,
    'config/slack-url': 'https://h.example',
    'config/pagerduty-key': 'R0',
    'config/smtp-url': 'smtp://u:p@mail.example',
    'config/teams-url': 'https://h.example',
    'config/healthchecks-url': 'https://h.example',
  };
  const lines = example.replaceAll('/run/secrets/', '') + nightly;
  const { config, warnings } = await good(lines, {}, files);
  expect(config.alerts.channels).toHaveLength(6);
  expect([...config.heartbeats]).toEqual([['nightly', 'healthchecks']]);
  expect(warnings).toEqual([]);
});

describe('defaults', () => {
  test('PagerDuty’s own address, and no pace of its own', async () => {
    const lines = 'alerts: { channels: [{ id: p, type: pagerduty, routingKey: R0 }] }\n';
    const { config, secrets } = await good(lines);
    expect(secrets.channels.get('p')?.url).toBe('https://events.pagerduty.com/v2/enqueue');
    expect(config.alerts.channels).toEqual([{ id: 'p', type: 'pagerduty', rateLimit: undefined }]);
  });

  test('no reminders, no hold, no heartbeat, no owners', async () => {
    const { config } = await good('');
    expect(config.alerts).toMatchObject({ remindAfterMs: undefined, anomaly: undefined });
    expect([config.heartbeats.size, config.owners.size]).toEqual([0, 0]);
  });
});

test('a channel of any type may have a rate of its own', async () => {
  const { channels } = await alertsOf(
    'alerts: { channels: [{ id: c, type: log, rateLimit: { requests: 2, per: 1m } }] }\n',
  );
  expect(channels[0]?.rateLimit).toEqual({ requests: 2, perMs: 60_000 });
});

describe('the share of keys that may change', () => {
  test.each([
    ['0%', 0],
    ['0.5%', 0.005],
    ['30%', 0.3],
    ['100%', 1],
  ])('%s', async (text, changed) => {
    const { anomaly } = await alertsOf(`alerts: { anomaly: { changed: ${text} } }\n`);
    expect(anomaly).toEqual({ changed, atLeast: 20 });
  });

  test.each(['30', '0.3', '"30"', '101%', '100.5%', '-1%', '"30 %"', '030%'])(
    'not %s',
    async (text) => {
      expect(await mistakesWith(`alerts: { anomaly: { changed: ${text} } }\n`)).toEqual([
        'config/keysweep.yaml:10:31 alerts.anomaly.changed: must be a share such as 30%',
      ]);
    },
  );

  test('of 100% is warned of: more than all cannot change', async () => {
    const warningsOf = async (text: string) =>
      (await good(`alerts: { anomaly: { changed: ${text} } }\n`)).warnings;
    expect(await warningsOf('100%')).toEqual([expect.stringContaining('nothing is ever held')]);
    expect(await warningsOf('99%')).toEqual([]);
  });
});

describe('mistakes', () => {
  test.each([
    [
      'alerts: { channels: [{ id: c, type: pager }] }',
      '10:37 alerts.channels.0.type: must be one of webhook, slack, pagerduty, email, teams, log',
    ],
    ['alerts: { channels: [{ id: c, type: slack }] }', '10:22 alerts.channels.0.url: is missing'],
    [
      'alerts: { channels: [{ id: c, type: teams, url: "ftp://x.y" }] }',
      '10:49 alerts.channels.0.url: must begin with https:// or http://',
    ],
    [
      'alerts: { channels: [{ id: c, type: pagerduty }] }',
      '10:22 alerts.channels.0.routingKey: is missing',
    ],
    [
      'alerts: { channels: [{ id: c, type: log, url: "https://x.y" }] }',
      '10:42 alerts.channels.0.url: unknown key; known are id, rateLimit, type',
    ],
    [
      'alerts: { channels: [{ id: c, type: log, rateLimit: { requests: 0, per: 1s } }] }',
      '10:65 alerts.channels.0.rateLimit.requests: must be at least 1',
    ],
    [
      'alerts: { channels: [{ id: c, type: email, smtp: "smtp://h", from: "K <k@x.y>", to: [a@x.y] }] }',
      '10:68 alerts.channels.0.from: must be an address such as security@example.com',
    ],
    [
      'alerts: { channels: [{ id: c, type: email, smtp: "smtp://h", from: k@x.y, to: [] }] }',
      '10:79 alerts.channels.0.to: must name at least one recipient',
    ],
    [
      'alerts: { channels: [{ id: "owner:ann", type: log }] }',
      /^10:28 alerts\.channels\.0\.id: must be 1 to 100 letters/,
    ],
    [
      'alerts: { remindAfter: 0d }',
      /^10:24 alerts\.remindAfter: must be a whole, positive duration/,
    ],
    [
      'alerts: { anomaly: { changed: 30%, atLeast: 0 } }',
      '10:45 alerts.anomaly.atLeast: must be at least 1',
    ],
    [
      'heartbeat: { nightly: "https://h.example" }',
      '10:23 heartbeat.nightly: there is no schedule nightly',
    ],
    [
      'heartbeat: ["https://h.example"]',
      '10:12 heartbeat: must be a mapping of keys to values, not a list',
    ],
    [
      'heartbeat: { "a b": "https://h.example" }',
      /^10:14 heartbeat\.a b: its name must be 1 to 100 letters/,
    ],
    [
      'heartbeat: { __proto__: "https://h.example" }',
      '10:25 heartbeat.__proto__: there is no schedule __proto__',
    ],
    ['owners: { ann: {} }', '10:16 owners.ann: needs channels or an email'],
    [
      'owners: { ann: { channels: [] } }',
      '10:28 owners.ann.channels: must name at least one channel',
    ],
    [
      'owners: { ann: { channels: [slack] } }',
      '10:29 owners.ann.channels.0: there is no channel slack',
    ],
    [
      'owners: { ann: { email: ann@x.y } }',
      '10:25 owners.ann.email: needs a channel of type email to be sent by',
    ],
    ['owners: { "": { channels: [] } }', /^10:11 owners\."": its name must not be empty$/],
  ] as const)('%s', async (lines, mistake) => {
    const found = await mistakesWith(`${lines}\n`);
    const [line = ''] = found;
    const told = line.replace('config/keysweep.yaml:', '');
    if (typeof mistake === 'string') expect(found).toEqual([`config/keysweep.yaml:${mistake}`]);
    else expect(told).toMatch(mistake);
  });

  test('an owner does not stand for himself', async () => {
    const lines = `alerts: { channels: [{ id: c, type: log }] }\nowners: { ann: { channels: [owner] } }\n`;
    expect(await mistakesWith(lines)).toEqual([
      'config/keysweep.yaml:11:29 owners.ann.channels.0: there is no channel owner',
    ]);
  });

  test('are all told together, and none shows a secret', async () => {
    const lines = `alerts:
  channels:
    - { id: a, type: slack, url: "https://user:${canary}@h.example" }
    - { id: b, type: email, smtp: "smtp://u:${canary}%@h.example", from: k@x.y, to: [a@x.y] }
    - { id: c, type: email, smtp: "smtp://u:${canary}@h.example/x", from: k@x.y, to: [a@x.y] }
    - { id: d, type: webhook, url: "https://h.example", secret: whsec_${canary} }
    - { id: e, type: pagerduty, routingKey: [${canary}] }
  routes:
    - channels: ["https://h.example/${canary}"]
heartbeat: { nightly: "${canary}", plain: { url: "${canary}", style: "${canary}" } }
`;
    const found = await mistakesWith(lines);
    expect(found.map((line) => line.split(' ')[1])).toEqual([
      'alerts.channels.0.url:',
      'alerts.channels.1.smtp:',
      'alerts.channels.2.smtp:',
      'alerts.channels.3.secret:',
      'alerts.channels.4.routingKey:',
      'alerts.routes.0.channels.0:',
      'heartbeat.nightly:',
      'heartbeat.nightly:',
      'heartbeat.plain:',
      'heartbeat.plain.url:',
      'heartbeat.plain.style:',
    ]);
    expect(found.join('\n')).not.toContain(canary);
  });
});

test.each([
  ['7', 'heartbeat.n: must be a URL, or a mapping with url and style'],
  ['[]', 'heartbeat.n: must be a URL, or a mapping with url and style'],
  ['"ftp://h.example"', /heartbeat\.n: must begin with https?:/],
  ['{ style: plain }', /heartbeat\.n\.url: is missing/],
  ['{ url: "ftp://h.example" }', /heartbeat\.n\.url: must begin with https?:/],
  ['{ url: "https://h.example", style: kuma }', /style: must be one of healthchecks, plain$/],
  [
    '{ url: "https://h.example", stile: plain }',
    /heartbeat\.n\.stile: unknown key; known are url, style$/,
  ],
])('the heartbeat %s is one mistake, which says what is wrong', async (heartbeat, mistake) => {
  const lines = `schedules: [{ id: n, cron: "0 1 * * *" }]\nheartbeat: { n: ${heartbeat} }\n`;
  const found = await mistakesWith(lines);
  expect(found).toHaveLength(1);
  if (typeof mistake === 'string') expect(found[0]).toContain(mistake);
  else expect(found[0]).toMatch(mistake);
});

describe('names that every object has', () => {
  test('are owners and schedules like any other', async () => {
    const { config, secrets } = await good(`alerts: { channels: [{ id: c, type: log }] }
schedules: [{ id: constructor, cron: "0 1 * * *" }]
heartbeat: { constructor: "https://h.example/1" }
owners: { toString: { channels: [c] }, constructor: { channels: [c] } }
`);
    expect([...config.owners.keys()]).toEqual(['toString', 'constructor']);
    expect([...secrets.heartbeats]).toEqual([['constructor', 'https://h.example/1']]);
  });

  test('but for one that cannot be kept, which is refused and not left out', async () => {
    const lines = `alerts: { channels: [{ id: c, type: log }] }\nowners: { __proto__: { channels: [c] } }\n`;
    expect(await mistakesWith(lines)).toEqual([
      'config/keysweep.yaml:11:22 owners.__proto__: is a reserved name',
    ]);
    expect(({} as { channels?: unknown }).channels).toBeUndefined();
  });
});

describe('secrets', () => {
  const lines = `alerts:
  channels:
    - { id: a, type: slack, urlFile: run/url }
    - { id: b, type: webhook, urlFile: run/url, secretFile: run/webhook }
    - { id: c, type: pagerduty, routingKeyFile: run/key }
    - { id: d, type: email, smtpFile: run/smtp, from: "k@x.y", to: ["\${TO}"] }
heartbeat: { nightlyFile: run/url }
owners: { ann: { emailFile: run/mail } }
${nightly}`;
  const files = {
    'config/run/url': `https://h.example/${canary}\n`,
    'config/run/webhook': `${secret}\n`,
    'config/run/key': `${canary}\r\n`,
    'config/run/smtp': `smtps://u:${canary}@mail.example\n`,
    'config/run/mail': 'ann@x.y\n',
  };

  test('may all stand in files', async () => {
    const { config, secrets } = await good(lines, { TO: 'sec@x.y' }, files);
    const url = `https://h.example/${canary}`;
    expect(secrets.channels.get('a')).toEqual({ url });
    expect(secrets.channels.get('b')).toEqual({ url, secret });
    expect(secrets.channels.get('c')?.routingKey).toBe(canary);
    expect(secrets.channels.get('d')?.smtp).toBe(`smtps://u:${canary}@mail.example`);
    expect([...secrets.heartbeats]).toEqual([['nightly', url]]);
    expect(config.owners.get('ann')?.email).toBe('ann@x.y');
    expect(config.alerts.channels[3]).toMatchObject({ to: ['sec@x.y'] });
  });

  test('stand apart from the configuration, and do not print', async () => {
    const { config, secrets, warnings } = await good(lines, { TO: 'sec@x.y' }, files);
    expect(JSON.stringify(config) + inspect(config, { depth: 9 })).not.toContain(canary);
    expect(inspect(secrets) + JSON.stringify({ secrets })).not.toContain(canary);
    expect(warnings.join('\n')).not.toContain(canary);
  });
});

describe('a name that ends in File', () => {
  const both = 'schedules: [{ id: a-1, cron: "0 1 * * *" }, { id: a-1File, cron: "0 2 * * *" }]\n';
  const files = { 'config/run': 'https://h.example/file\n' };

  test('may be the file of a heartbeat’s url, beside its style', async () => {
    const lines =
      'schedules: [{ id: nightly, cron: "0 1 * * *" }]\n' +
      'heartbeat: { nightly: { urlFile: run, style: plain } }\n';
    const { config, secrets } = await good(lines, {}, files);
    expect([...secrets.heartbeats]).toEqual([['nightly', 'https://h.example/file']]);
    expect([...config.heartbeats]).toEqual([['nightly', 'plain']]);
    expect(JSON.stringify(config)).not.toContain('h.example/file');
  });

  test('is the file of a schedule’s heartbeat, whatever the schedule’s id', async () => {
    const lines = 'schedules: [{ id: a-1, cron: "0 1 * * *" }]\nheartbeat: { a-1File: run }\n';
    const { secrets } = await good(lines, {}, files);
    expect([...secrets.heartbeats]).toEqual([['a-1', 'https://h.example/file']]);
  });

  test('is the schedule itself where there is one of that id', async () => {
    const lines = `${both}heartbeat: { a-1: "https://h.example/1", a-1File: "https://h.example/2" }\n`;
    expect([...(await good(lines)).secrets.heartbeats]).toEqual([
      ['a-1', 'https://h.example/1'],
      ['a-1File', 'https://h.example/2'],
    ]);
    const twice = await good(`${both}heartbeat: { a-1FileFile: run }\n`, {}, files);
    expect([...twice.secrets.heartbeats]).toEqual([['a-1File', 'https://h.example/file']]);
  });

  test('beside the value itself is a mistake', async () => {
    const lines = `${nightly}heartbeat: { nightly: "https://h.example", nightlyFile: run }\n`;
    expect(await mistakesWith(lines)).toEqual([
      'config/keysweep.yaml:11:44 heartbeat.nightly: nightly and nightlyFile cannot both be given',
    ]);
  });

  test('is an owner like any other', async () => {
    const lines = `alerts: { channels: [{ id: c, type: log }] }\nowners: { teamFile: { channels: [c] }, team: { channels: [c] } }\n`;
    expect([...(await good(lines)).config.owners.keys()]).toEqual(['teamFile', 'team']);
  });
});
