import { describe, expect, test } from 'vitest';
import {
  goodConfig,
  goodKeys,
  goodPolicy,
  mistakesOf,
  mistakesWhere,
  mistakesWith,
} from './workspace.ts';

test('ten mistakes over three files are ten lines, each with its place', async () => {
  const config = `sources:
  - id: prod
    type: flexcharge
    environment: production
    appKey: \${FLEX_KEY}
    rateLimit: { requests: many, per: 1s }
inventory:
  - file: keys.csv
policy: policy.yaml
schedules:
  - { id: nightly, cron: "61 2 * * *", colour: red }
`;
  const policy = `version: "1"
rules:
  - { id: a, type: stale, after: 45, severity: high }
  - { id: a, type: renaming, pattern: "x", severity: info }
`;
  const keys = 'source,key_id,owner\nprod,key_1,ann\nother,key_2,bob\nprod,key_1,cid\n';
  const files = {
    'config/keysweep.yaml': config,
    'config/policy.yaml': policy,
    'config/keys.csv': keys,
  };
  expect(await mistakesOf({ files })).toEqual([
    'config/keysweep.yaml:2:5 sources.0.appSecret: is missing',
    'config/keysweep.yaml:5:13 sources.0.appKey: the variable FLEX_KEY is not set',
    'config/keysweep.yaml:6:28 sources.0.rateLimit.requests: must be a number, not text',
    'config/keysweep.yaml:11:26 schedules.0.cron: is not a cron line: minute "61" must be of 0 to 59, with ranges (1-5), lists (1,15) or steps (*/10)',
    'config/keysweep.yaml:11:40 schedules.0.colour: unknown key; known are id, cron, timezone, catchUp, overlap, deadline',
    'config/policy.yaml:3:34 rules.0.after: must be a whole, positive duration such as 10s, 30m, 12h, 90d or 2w',
    'config/policy.yaml:4:11 rules.1.id: a is given twice',
    expect.stringMatching(
      /^config\/policy\.yaml:4:20 rules\.1\.type: must be one of stale, never-used, /,
    ),
    'config/keys.csv:3:1 source: there is no source "other" in the configuration',
    'config/keys.csv:4:6 key_id: "key_1" of this source is listed already at config/keys.csv:2:6',
  ]);
});

describe('several worker processes', () => {
  const needsServer = '10:22 worker.processes: needs a store on PostgreSQL, because one';

  test.each(['2', 'auto'])('%s are a mistake with the embedded store', async (processes) => {
    const line = `worker: { processes: ${processes} }\n`;
    const places = (await mistakesWith(line)).map((one) => one.slice(21, 21 + needsServer.length));
    expect(places).toEqual([needsServer]);
    expect(await mistakesWith(`${line}store: { url: "pglite:here" }\n`)).toHaveLength(1);
    expect(await mistakesWith(line, { DATABASE_URL: 'pglite:there' })).toHaveLength(1);
    expect(await mistakesWith(line, { DATABASE_URL: 'postgres://db/x' })).toEqual([]);
    expect(await mistakesWith(`${line}store: { url: "postgres://db/x" }\n`)).toEqual([]);
  });

  test('one may work anywhere, and no mistake follows from another', async () => {
    expect(await mistakesWith('worker: { processes: 1 }\n')).toEqual([]);
    const unset = await mistakesWith(`worker: { processes: 2 }\nstore: { url: "$\{NONE}" }\n`);
    expect(unset).toEqual([expect.stringContaining('the variable NONE is not set')]);
  });

  test.each([
    ['0', 'must be at least 1'],
    ['65', 'must be at most 64'],
    ['many', 'must be a whole number from 1 to 64, or auto'],
    ['true', 'must be a whole number from 1 to 64, or auto'],
    ['1.5', 'must be a whole number from 1 to 64, or auto'],
  ])('%s is no number of them', async (processes, message) => {
    const env = { DATABASE_URL: 'postgres://db/x' };
    expect(await mistakesWith(`worker: { processes: ${processes} }\n`, env)).toEqual([
      `config/keysweep.yaml:10:22 worker.processes: ${message}`,
    ]);
  });
});

describe('what says two things, or names what is not there', () => {
  test.each([
    [
      'schedules: [{ id: a, cron: "0 1 * * *" }, { id: a, cron: "0 2 * * *" }]',
      '10:49 schedules.1.id: a is given twice',
    ],
    [
      'alerts: { channels: [{ id: a, type: log }, { id: a, type: log }] }',
      '10:50 alerts.channels.1.id: a is given twice',
    ],
    [
      'alerts: { channels: [{ id: owner, type: log }] }',
      '10:28 alerts.channels.0.id: owner is a reserved name',
    ],
    [
      'alerts: { routes: [{ channels: [pager] }] }',
      '10:33 alerts.routes.0.channels.0: there is no channel pager',
    ],
    [
      'queue: { url: "redis://r", cluster: { nodes: ["a:1"] } }',
      '10:37 queue.cluster: url is given already; a queue has one of url, sentinel and cluster',
    ],
    [
      'schedules: [{ id: a, cron: "0 1 * * *" }, { id: a, cron: "0 2 * * *" }]',
      '10:49 schedules.1.id: a is given twice',
    ],
    [
      'alerts: { channels: [{ id: a, type: log }, { id: a, type: log }] }',
      '10:50 alerts.channels.1.id: a is given twice',
    ],
    [
      'alerts: { channels: [{ id: owner, type: log }] }',
      '10:28 alerts.channels.0.id: owner is a reserved name',
    ],
    [
      'alerts: { routes: [{ channels: [pager] }] }',
      '10:33 alerts.routes.0.channels.0: there is no channel pager',
    ],
    [
      'queue: { url: "redis://r", cluster: { nodes: ["a:1"] } }',
      '10:37 queue.cluster: url is given already; a queue has one of url, sentinel and cluster',
    ],
    [
      'schedules: [{ id: a, cron: "0 1 * * *", timezone: Mars/Olympus }]',
      '10:51 schedules.0.timezone: is not a time zone such as America/New_York or UTC',
    ],
    ['retention: 999999999w', '10:12 retention: must be at most 36500d'],
    ['http: { port: 65536 }', '10:15 http.port: must be at most 65535'],
    [
      'alerts: { channels: [{ id: c, type: log }], routes: [{ match: { owner: [] }, channels: [c] }] }',
      '10:72 alerts.routes.0.match.owner: must name at least one pattern',
    ],
    ['alerts:', '10:8 alerts: must be a mapping of keys to values, not empty'],
    ['log: { __proto__: {} }', '10:8 log.__proto__: unknown key; known are level'],
    [
      '<<: { retention: 1d }',
      '10:1 <<: merge keys are not allowed; write the keys out, or use an alias (*name) for a whole value',
    ],
  ])('%s', async (lines, mistake) => {
    expect(await mistakesWith(`${lines}\n`)).toEqual([`config/keysweep.yaml:${mistake}`]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('two sources with one id', async () => {
    const [, source] = /sources:\n([\s\S]*)inventory/.exec(goodConfig) ?? [];
    expect(await mistakesWhere('inventory', `${source}inventory`)).toEqual([
      'config/keysweep.yaml:7:9 sources.1.id: prod is given twice',
    ]);
  });

  test('a source without environment and base URL', async () => {
    expect(await mistakesWhere('    environment: production\n', '')).toEqual([
      'config/keysweep.yaml:2:5 sources.0: needs an environment or a baseUrl',
    ]);
  });

  test('an inventory file twice, told once and not for each key', async () => {
    expect(
      await mistakesWhere('  - file: keys.csv', '  - file: keys.csv\n  - file: keys.csv'),
    ).toEqual(['config/keysweep.yaml:9:11 inventory.1.file: keys.csv is given twice']);
  });

  test('variables of the environment that go before the file', async () => {
    const env = { DATABASE_URL: 'mysql://u:canary@h/d', REDIS_URL: 'http://canary' };
    expect(await mistakesWith('', env)).toEqual([
      'config/keysweep.yaml:1:1 store.url: DATABASE_URL must begin with pglite: or postgres://',
      'config/keysweep.yaml:1:1 queue.url: REDIS_URL must begin with redis://, rediss:// or unix://',
    ]);
  });
});

describe('files that cannot be read are mistakes (a missing one, exit 0: prowler #1759)', () => {
  test('the configuration itself, with how to get one', async () => {
    expect(await mistakesOf({ files: { 'config/keysweep.yaml': null } })).toEqual([
      'config/keysweep.yaml:1:1 (file): cannot be read: there is no such file; keysweep init writes one, and --config names one elsewhere',
    ]);
  });

  test('policy and inventory that are not there', async () => {
    const files = { 'config/policy.yaml': null, 'config/keys.csv': null };
    expect(await mistakesOf({ files })).toEqual([
      'config/keysweep.yaml:8:11 inventory.0.file: "keys.csv" cannot be read: there is no such file',
      'config/keysweep.yaml:9:9 policy: "policy.yaml" cannot be read: there is no such file',
    ]);
  });

  test('the place is right when an entry before it is no file at all', async () => {
    expect(await mistakesWhere('  - file: keys.csv', '  - file: 7\n  - file: none.csv')).toEqual([
      'config/keysweep.yaml:8:11 inventory.0.file: must be text, not a number; put it in quotes',
      'config/keysweep.yaml:9:11 inventory.1.file: "none.csv" cannot be read: there is no such file',
    ]);
  });

  test('a folder, and a file of another kind', async () => {
    const to = '  - file: ../config\n  - file: keys.txt\n  - file: d.csv';
    expect(
      await mistakesOf({
        files: {
          'config/keysweep.yaml': goodConfig.replace('  - file: keys.csv', to),
          'config/d.csv/inside': '',
        },
      }),
    ).toEqual([
      'config/keysweep.yaml:8:11 inventory.0.file: "../config" must end in .csv, .yaml, .yml or .json',
      'config/keysweep.yaml:9:11 inventory.1.file: "keys.txt" must end in .csv, .yaml, .yml or .json',
      'config/keysweep.yaml:10:11 inventory.2.file: "d.csv" cannot be read: it is a folder',
    ]);
  });

  test('an inventory without keys', async () => {
    expect(await mistakesOf({ files: { 'config/keys.csv': 'source,key_id\n' } })).toEqual([
      'config/keys.csv:1:1 (file): holds no keys',
    ]);
    const two = goodConfig.replace('  - file: keys.csv', '  - file: keys.csv\n  - file: more.yaml');
    const files = { 'config/keys.csv': 'source,key_id\n', 'config/more.yaml': '[]\n' };
    expect(await mistakesOf({ files: { 'config/keysweep.yaml': two, ...files } })).toEqual([
      'config/keys.csv:1:1 (file): holds no keys',
      'config/more.yaml:1:1 (file): holds no keys',
    ]);
    expect(await mistakesWhere('  - file: keys.csv\n', '')).toEqual([
      'config/keysweep.yaml:7:11 inventory: must be a list, not empty',
    ]);
    expect(await mistakesWhere('inventory:\n  - file: keys.csv', 'inventory: []')).toEqual([
      'config/keysweep.yaml:7:12 inventory: must hold at least one file',
    ]);
  });
});

describe('files that are not what they should be', () => {
  const whole = (content: string | Buffer) =>
    mistakesOf({ files: { 'config/keysweep.yaml': content } });

  test.each([
    ['', '1:1 (file): is empty'],
    ['# only words\n', '1:1 (file): is empty'],
    ['just words\n', '1:1 (file): must be a mapping of keys to values, not text'],
    ['[]\n', '1:1 (file): must be a mapping of keys to values, not a list'],
    [`${goodConfig}---\na: 1\n`, '10:1 (file): a second document begins here; only one is allowed'],
    [`${goodConfig}retention: 1d\nretention: 2d\n`, '11:1 (file): this key is given twice'],
    [`${goodConfig}retention: !dur 1d\n`, '10:12 (file): tags are not allowed'],
    [`${goodConfig}retention: *old\n`, '10:12 (file): this alias names nothing'],
    [`%YAML 1.1\n---\n${goodConfig}`, '1:1 (file): must be YAML 1.2'],
    ['a: [1\nb: 2\n', '1:4 (file): this [ is not closed: a ] is missing before 2:1'],
    ['['.repeat(20_000), /nested too deeply/],
    [Buffer.from([0x61, 0xff]), '1:1 (file): cannot be read: it is not text in UTF-8'],
    ['a: "\0"', '1:1 (file): cannot be read: it holds a NUL character'],
    [Buffer.alloc(50 * 1024 * 1024, '#'), '1:1 (file): cannot be read: it is larger than 1 MB'],
  ])('the %#th', async (content, mistake) => {
    const lines = await whole(content);
    expect(lines).toHaveLength(1);
    if (mistake instanceof RegExp) expect(lines[0]).toMatch(mistake);
    else expect(lines[0]).toBe(`config/keysweep.yaml:${mistake}`);
  });

  test('a bomb of aliases is a mistake, a few aliases are not', async () => {
    const layers = [...'bcdefghi'].map((name, n) => {
      const before = `*${'abcdefgh'[n]}`;
      return `${name}: &${name} [${Array(9).fill(before).join(', ')}]`;
    });
    expect(await whole(`a: &a [x, x]\n${layers.join('\n')}\n`)).toEqual([
      'config/keysweep.yaml:1:1 (file): has too many aliases',
    ]);
    expect(
      await mistakesWith(
        'schedules: [{ id: a, cron: &at "0 1 * * *" }, { id: b, cron: *at, deadline: &d 1h }]\nretention: *d\n',
      ),
    ).toEqual([]);
  });

  test('a byte order mark is no mistake in any of the files', async () => {
    const mark = '\uFEFF';
    const files = {
      'config/keysweep.yaml': mark + goodConfig,
      'config/policy.yaml': mark + goodPolicy,
      'config/keys.csv': mark + goodKeys,
    };
    expect(await mistakesOf({ files })).toEqual([]);
  });
});

test('merge keys are refused where keys have names of your own, and in every file', async () => {
  const owners = 'owners:\n  a: &a { channels: [c] }\n  b: { <<: *a }\n';
  expect(await mistakesWith(owners)).toEqual([expect.stringMatching(/:12:8 <<: merge keys/)]);
  const files = {
    'config/policy.yaml': `${goodPolicy}x: &x { a: 1 }\ny: { <<: *x }\n`,
    'config/keys.yaml': '- &k { source: prod, keyId: a }\n- { <<: *k, keyId: b }\n',
  };
  const config = goodConfig.replace('keys.csv', 'keys.yaml');
  const found = await mistakesOf({ files: { ...files, 'config/keysweep.yaml': config } });
  expect(found).toEqual([
    expect.stringMatching(/^config\/policy\.yaml:\d+:\d+ <<: merge keys are not allowed/),
    expect.stringMatching(/^config\/keys\.yaml:2:5 <<: merge keys are not allowed/),
  ]);
});
