import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, staleKey, type World } from './world.ts';

/** A variable that nobody sets, as it stands in a file. */
const unset = ['$', '{NOT_SET}'].join('');

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const lines = (text: string) => text.trimEnd().split('\n');
const store = () => existsSync(join(world.folder, 'store'));

describe('a mistake of the user', () => {
  test('ten of them are ten lines with places, and nothing is opened', async () => {
    const bad = await createWorld({
      config: {
        schedules: [{ id: 'nightly', cron: '61 * * * *', timezone: 'Mars/Base', colour: 'red' }],
        retention: 'long',
        owners: { a: {} },
      },
      source: { appSecret: unset, attempts: 0 },
      rules: [{ id: 'a', type: 'stale', after: '45', severity: 'bad' }],
      inventory: 'source,key_id\nvendor,key_1\nvendor,key_1\n',
    });
    const { code, stdout, stderr } = await bad.run(['sweep']);
    expect(lines(stderr)).toHaveLength(10);
    for (const line of lines(stderr)) expect(line).toMatch(/^\S+:\d+:\d+ \S+: \S/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(bad.folder, 'store'))).toBe(false);
    expect(bad.sandbox.requests.token).toBe(0);
    await bad.close();
  });

  test('those in a policy are reported together, each with its place, and nothing is opened', async () => {
    const bad = await createWorld();
    await writeFile(
      join(bad.folder, 'policy.yaml'),
      `version: "1"
rules:
  - { id: a, type: staleness, severity: high }
  - { id: b, type: stale, after: 45, severity: high }
  - { id: b, type: unowned, severity: low }
waivers:
  - id: W-1
    rule: b
    keys: [{ source: vendor, keyId: key_stale }]
    reason: seasonal job
    requestedBy: ann
    approvedBy: Ann
    expires: 2019-12-31
`,
    );
    const { code, stdout, stderr } = await bad.run(['sweep']);
    const places = lines(stderr).map((line) => line.replace(/^\S*policy\.yaml:/, ''));
    expect(places).toEqual([
      expect.stringMatching(/^3:20 rules\.0\.type: must be one of stale, /),
      expect.stringMatching(/^4:34 rules\.1\.after: must be a whole, positive duration /),
      '5:11 rules.2.id: b is given twice',
      '12:17 waivers.0.approvedBy: must be somebody else than requestedBy',
      '13:14 waivers.0.expires: is past by more than a year; remove this waiver',
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(bad.folder, 'store'))).toBe(false);
    expect(bad.sandbox.requests.token).toBe(0);
    await bad.close();
  });

  test.each([
    ['a file that is not there', ['sweep', '--config', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a key nobody tracks', ['audit', 'key_nowhere'], /^no key "key_nowhere" in the inventory/],
    ['a key of another source', ['audit', 'key_fresh', '--source', 'x'], /of source x in the inv/],
    ['a report of no sweep', ['report', '00000000'], /^no sweep id begins with "00000000"; keys/],
    ['an owner nobody has', ['findings', '--owner', 'x'], /no owner is called "x"; known: /],
  ])('%s is reported in one line, with exit 2', async (_what, args, words) => {
    const { code, stdout, stderr } = await world.run(args);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test('a variable that is not set is one line with its place', async () => {
    const bad = await createWorld({ source: { appKey: unset } });
    const { code, stderr } = await bad.run(['sweep']);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(/:\d+:\d+ sources\.0\.appKey: the variable NOT_SET is not set$/),
    ]);
    expect(code).toBe(2);
    await bad.close();
  });

  test('an inventory without keys is refused, and closes no finding', {
    tags: ['all'],
  }, async () => {
    await world.run(['sweep']);
    await writeFile(join(world.folder, 'keys.csv'), 'source,key_id,owner\n');
    const { code, stderr } = await world.run(['sweep']);
    expect(code).toBe(2);
    expect(lines(stderr)).toHaveLength(1);
    await world.write({ inventory: `source,key_id,owner\nvendor,${staleKey.id},ann\n` });
    const found = await world.run(['findings', '--format', 'json', '--status', 'open']);
    expect(readJsonOutput<{ findings: object[] }>(found).findings).toHaveLength(1);
    await world.write({
      inventory: `source,key_id,owner\nvendor,${staleKey.id},ann\nvendor,${freshKey.id},ann\n`,
    });
  });

  test('a waiver that has ended is reported by config validate, and does not hold', {
    tags: ['all'],
  }, async () => {
    const past = await createWorld();
    const ended = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10);
    const waiver = {
      id: 'W-1',
      rule: 'stale-45',
      keys: [{ source: 'vendor', keyId: staleKey.id }],
      reason: 'seasonal job',
      requestedBy: 'ann',
      approvedBy: 'bob',
      expires: ended,
    };
    const rules = [{ id: 'stale-45', type: 'stale', after: '45d', severity: 'high' }];
    const policy = { version: '1', rules, waivers: [waiver] };
    await writeFile(join(past.folder, 'policy.yaml'), JSON.stringify(policy));
    const valid = await past.run(['config', 'validate']);
    expect(lines(valid.stdout)).toEqual([
      expect.stringContaining('policy 1 with 2 rules and 1 waiver, '),
      `waivers: W-1 ended after ${ended}`,
    ]);
    expect(valid.code).toBe(0);
    expect((await past.run(['sweep'])).code).toBe(1);
    await past.close();
  });

  test('commands that open nothing leave no store behind', async () => {
    await rm(join(world.folder, 'store'), { recursive: true, force: true });
    for (const args of [['config', 'validate'], ['config', 'schema', 'policy'], ['doctor']]) {
      await world.run(args);
    }
    expect(store()).toBe(false);
  });
});

describe('a server that is not running', () => {
  test.each([
    ['PostgreSQL', { store: { url: 'postgres://u:canary-password@127.0.0.1:1/db' } }],
    ['Redis', { queue: { url: 'redis://:canary-password@127.0.0.1:1' } }],
  ])(
    '%s is reported within seconds, without its password, with exit 2',
    async (_name, config) => {
      const lost = await createWorld({ config });
      const { code, stderr } = await lost.run(['sweep']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/(refuses connections|does not answer)/);
      expect(stderr).not.toContain('canary-password');
      await lost.close();
    },
    30_000,
  );

  test('what a library warns of meanwhile is one line of JSON, whatever the command', async () => {
    const url = 'postgres://u@127.0.0.1:1/db?sslmode=require';
    const lost = await createWorld({ config: { store: { url } } });
    for (const command of ['start', 'sweep', 'migrate']) {
      const { code, stderr } = await lost.run([command]);
      expect(code).toBe(2);
      const warned = lines(stderr).filter((line) => line.includes('verify-ca'));
      expect(warned.map((line) => JSON.parse(line))).toMatchObject([
        { level: 'warn', msg: 'a library warns' },
      ]);
      expect(stderr).not.toMatch(/^\(node:|^\(Use `node/m);
    }
    await lost.close();
  });
});
