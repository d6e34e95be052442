import { describe, expect, test } from 'vitest';
import { warnOfApprovals } from '../../src/config/warnings/warn-of-approvals.ts';
import { warnOfRoutes } from '../../src/config/warnings/warn-of-routes.ts';
import { goodConfig, goodKeys, readGood } from './workspace.ts';

const good = (lines: string, files = {}) =>
  readGood({ files: { 'config/keysweep.yaml': goodConfig + lines, ...files } });

describe('addresses', () => {
  const warningsOf = async (channel: string, more = '') =>
    (await good(`alerts: { channels: [{ id: c, ${channel} }]${more} }\n`)).warnings;
  const open = ', allowPrivateNetworks: true';
  const inClear =
    'alerts.channels.0.url: begins with http://, so whoever is on the way can read what is sent';
  const refused = (key: string) =>
    `alerts.channels.0.${key}: leads to a loopback, private or reserved address, which is refused; ` +
    'alerts.allowPrivateNetworks: true permits it';

  test.each([
    ['https://h.example', []],
    ['http://h.example/canary', [inClear]],
    ['http://8.8.8.8', [inClear]],
    ['http://siem:9000', []],
    ['http://siem.prod.internal', []],
    ['https://127.0.0.1', [refused('url')]],
    ['http://localhost:9000', [refused('url')]],
    ['https://2130706433', [refused('url')]],
    ['https://[::ffff:10.0.0.1]', [refused('url')]],
  ])('%s', async (url, warnings) => {
    expect(await warningsOf(`type: webhook, url: "${url}"`)).toEqual(warnings);
  });

  test.each(['127.0.0.1', '10.1.2.3', 'localhost'])(
    '%s will do where it is permitted',
    async (host) => {
      expect(await warningsOf(`type: slack, url: "http://${host}/x"`, open)).toEqual([]);
    },
  );

  test('of mail servers are looked at too, and the password is not shown', async () => {
    const mail = (host: string) =>
      `type: email, smtp: "smtp://u:canary@${host}:25", from: k@x.y, to: [a@x.y]`;
    expect(await warningsOf(mail('mail.example'))).toEqual([]);
    expect(await warningsOf(mail('127.0.0.1'))).toEqual([refused('smtp')]);
    expect(await warningsOf(mail('0x7f.1'))).toEqual([refused('smtp')]);
    expect(await warningsOf(mail('127.0.0.1'), open)).toEqual([]);
  });

  test('of heartbeats are too', async () => {
    const lines =
      'schedules: [{ id: n, cron: "0 1 * * *" }]\nheartbeat: { n: "http://hc.example/uuid" }\n';
    expect((await good(lines)).warnings).toEqual([
      'heartbeat.n: begins with http://, so whoever is on the way can read what is sent',
    ]);
    const styled = lines.replace(/"http.*"/, '{ url: $&, style: plain }');
    expect((await good(styled)).warnings).toEqual([
      'heartbeat.n.url: begins with http://, so whoever is on the way can read what is sent',
    ]);
  });
});

describe('a file of the inventory without keys, beside others', () => {
  const two = goodConfig.replace('keys.csv', 'keys.csv\n  - file: more.csv');

  test.each([
    ['no row', 'source,key_id\n'],
    ['nothing at all', ''],
  ])('is named, for it may have been emptied by mistake: %s', async (_, text) => {
    const { config, warnings } = await readGood({
      files: { 'config/keysweep.yaml': two, 'config/more.csv': text },
    });
    expect(config.emptyInventoryFiles).toEqual(['more.csv']);
    expect(warnings).toEqual(['inventory: the file "more.csv" holds no keys']);
    expect(config.inventory.count).toBe(1);
  });

  test('is not one that holds some', async () => {
    const files = { 'config/keysweep.yaml': two, 'config/more.csv': 'source,key_id\nprod,key_2\n' };
    const { config, warnings } = await readGood({ files });
    expect([config.emptyInventoryFiles, warnings]).toEqual([[], []]);
  });
});

describe('routes and owners', () => {
  const channels = 'channels: [{ id: a, type: log }, { id: b, type: log }]';
  const all = '{ channels: [a, b] }';
  const warningsOf = async (routes: string, owners: string, keys = goodKeys) => {
    const lines = `alerts: { ${channels}, routes: [${routes}] }\nowners: { ${owners} }\n`;
    const { config } = await good(lines, { 'config/keys.csv': keys });
    return warnOfRoutes(config);
  };
  const keysOf = (...owners: string[]) =>
    ['source,key_id,owner', ...owners.map((name, n) => `prod,key_${n},${name}`), ''].join('\n');
  const toAll = 'where a route names only owner, alerts on their keys go to all channels';

  test('are silent where every owner is listed and every channel is named', async () => {
    const owners = 'ann: { channels: [b] }';
    expect(await warningsOf('{ channels: [a, owner] }', owners, keysOf('ann'))).toEqual([]);
    expect(await warningsOf('', '')).toEqual([]);
  });

  test('count the owners that are not listed, and name the first', async () => {
    const keys = keysOf('ann', 'bob', 'cid', 'dan', 'eve', 'bob');
    const found = await warningsOf(`${all}, { channels: [owner] }`, 'eve: { channels: [a] }', keys);
    expect(found).toEqual([
      `owners: does not list 4 owners of keys ("ann", "bob", "cid" and 1 other); ${toAll}`,
    ]);
  });

  test('compare owners as routes do: case and all', async () => {
    const found = await warningsOf(
      `${all}, { channels: [owner] }`,
      'Ann: { channels: [a] }',
      keysOf('ann'),
    );
    expect(found).toEqual([
      `owners: does not list 1 owner of keys ("ann"); ${toAll}`,
      'owners: no key has the owner "Ann"',
    ]);
  });

  test('tell of keys without an owner', async () => {
    const found = await warningsOf(`${all}, { channels: [owner] }`, '', goodKeys);
    expect(found).toEqual([`owners: some keys have no owner; ${toAll}`]);
  });

  test('do not ask for owners where no route names owner', async () => {
    expect(await warningsOf(all, '', keysOf('ann'))).toEqual([]);
    expect(await warningsOf(all, 'ann: { channels: [a] }', keysOf('ann'))).toEqual([
      'owners: no route names the channel owner, so no owner is alerted',
    ]);
  });

  test('tell of channels that no route names', async () => {
    expect(await warningsOf('{ channels: [b] }', '')).toEqual([
      'alerts.routes: no route names a: alerts go there only about sweeps, about channels, and about findings that match no route',
    ]);
  });

  test('show hostile names in quotes and on one line', async () => {
    const keys = keysOf('"\u202Eann, ""x"""');
    const [line] = await warningsOf(`${all}, { channels: [owner] }`, '', keys);
    expect(line).toContain('("\\u202eann, \\"x\\"")');
  });
});

test.each([
  ['', true],
  ['http: {}', true],
  ['http: { tokens: [{ name: v, token: 0123456789abcdef, role: viewer }] }', true],
  ['http: { tokens: [{ name: o, token: 0123456789abcdef, role: operator }] }', false],
])('approvals for which nobody can sign in are warned of: %s', async (http, warns) => {
  const { config } = await good(`approvals: signed-in\n${http}\n`);
  const warning = expect.stringContaining('approvals: signed-in needs http.oidc, or http.tokens');
  expect(warnOfApprovals(config)).toEqual(warns ? [warning] : []);
  expect(warnOfApprovals({ ...config, approvals: undefined })).toEqual([]);
});
