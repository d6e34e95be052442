import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { collectKeys } from '../../src/inventory/listed-keys.ts';
import { goodConfig, mistakesOf, readGood, workspace } from './workspace.ts';

describe('a right configuration', () => {
  test('has the documented defaults', async () => {
    const { config, warnings } = await readGood({
      files: {
        'config/keysweep.yaml': `${goodConfig}http: {}\nschedules: [{ id: nightly, cron: "30 2 * * *" }]\n`,
      },
    });
    expect(config.sources).toEqual([
      {
        id: 'prod',
        type: 'flexcharge',
        baseUrl: 'https://api.flex-charge.com/v1',
        rateLimit: { requests: 20, perMs: 1_000 },
        concurrency: 10,
        adaptsConcurrency: false,
        http2: true,
        timeoutMs: 10_000,
        attempts: 5,
        usageLagMs: 0,
      },
    ]);
    expect(config.schedules).toEqual([
      {
        id: 'nightly',
        cron: '30 2 * * *',
        timezone: 'UTC',
        catchUpMs: 12 * 3_600_000,
        overlap: 'skip',
        deadlineMs: 8 * 3_600_000,
      },
    ]);
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080, open: false, tokens: [] });
    expect(config.alerts).toMatchObject({ channels: [], routes: [], allowPrivateNetworks: false });
    expect(config.retentionMs).toBe(400 * 86_400_000);
    expect(config.logLevel).toBe('info');
    expect(config.queue).toEqual({ kind: 'store' });
    expect(warnings).toEqual([]);
  });

  test('has no server unless http is given', async () => {
    expect((await readGood()).config.http).toBeUndefined();
  });

  test('takes the sandbox host for the sandbox', async () => {
    const text = goodConfig.replace('production', 'sandbox');
    const { config } = await readGood({ files: { 'config/keysweep.yaml': text } });
    expect(config.sources[0]?.baseUrl).toBe('https://api-sandbox.flex-charge.com/v1');
  });

  test('takes a base URL before the host, without its last slash', async () => {
    const text = goodConfig.replace('appKey', 'baseUrl: http://127.0.0.1:4010/v1/\n    appKey');
    const { config } = await readGood({ files: { 'config/keysweep.yaml': text } });
    expect(config.sources[0]?.baseUrl).toBe('http://127.0.0.1:4010/v1');
  });

  test('puts the default store beside the file', async () => {
    const cwd = workspace();
    const result = await readConfig({ env: {}, cwd });
    expect(result).toMatchObject({
      config: { store: { kind: 'embedded', folder: join(cwd, 'config', '.keysweep') } },
    });
  });

  test('configurations in sibling folders have stores of their own', async () => {
    const cwd = workspace();
    const other = workspace();
    const folders = [cwd, other].map(async (folder) => {
      const result = await readConfig({ env: {}, cwd: folder });
      return result.ok && result.config.store.kind === 'embedded' && result.config.store.folder;
    });
    expect(await Promise.all(folders)).toEqual([
      join(cwd, 'config', '.keysweep'),
      join(other, 'config', '.keysweep'),
    ]);
  });

  test.each([
    ['pglite:~/store', '/home/ann/store'],
    ['pglite:~', '/home/ann'],
    ['pglite:/data/~', '/data/~'],
  ])('~ at the beginning of a store is the home folder: %s', async (url, folder) => {
    const env = { HOME: '/home/ann' };
    const files = { 'config/keysweep.yaml': `${goodConfig}store: { url: "${url}" }\n` };
    const written = await readGood({ files, env });
    expect(written.config.store).toEqual({ kind: 'embedded', folder });
    const overridden = await readGood({ env: { ...env, DATABASE_URL: url } });
    expect(overridden.config.store).toEqual({ kind: 'embedded', folder });
  });

  test('is frozen to its depth', async () => {
    const { config } = await readGood();
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.sources[0]?.rateLimit)).toBe(true);
    expect(Object.isFrozen(config.policy.policy.rules[0])).toBe(true);
    expect(Object.isFrozen(config.inventory)).toBe(true);
    const [key] = await collectKeys(config.inventory);
    expect([Object.isFrozen(key), Object.isFrozen(key?.tags)]).toEqual([true, true]);
  });

  test('hashes the text of the policy as it was written', async () => {
    const { config } = await readGood({
      files: {
        'config/policy.yaml': 'version: a\nrules: [{ id: m, type: missing, severity: low }]\n',
      },
    });
    expect(config.policy.hash).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(config.policy.policy).toEqual({
      version: 'a',
      rules: [{ id: 'm', type: 'missing', severity: 'low', controls: [] }],
      waivers: [],
    });
  });

  test('is warned of a cron line that restricts both kinds of day, and only of that', async () => {
    const schedules = `schedules:
  - { id: both, cron: "0 2 1 * 1" }
  - { id: day, cron: "0 2 1 * *" }
  - { id: weekday, cron: "0 2 * * 1" }
`;
    const { warnings } = await readGood({
      files: { 'config/keysweep.yaml': goodConfig + schedules },
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('schedules.both');
    expect(warnings[0]).toContain('node-cron wants both to match');
  });
});

describe('where the file is found', () => {
  test('the path goes before KEYSWEEP_CONFIG, and that before config/keysweep.yaml', async () => {
    const files = { 'a.yaml': 'a', 'b.yaml': 'b', 'config/keysweep.yaml': 'c' };
    const fileOf = async (env: Record<string, string>, path?: string) =>
      (await mistakesOf({ files, env, ...(path === undefined ? {} : { path }) }))[0]?.split(':')[0];
    expect(await fileOf({ KEYSWEEP_CONFIG: 'b.yaml' }, 'a.yaml')).toBe('a.yaml');
    expect(await fileOf({ KEYSWEEP_CONFIG: 'b.yaml' })).toBe('b.yaml');
    expect(await fileOf({ KEYSWEEP_CONFIG: '' })).toBe('config/keysweep.yaml');
    expect(await fileOf({})).toBe('config/keysweep.yaml');
  });

  test('a file outside of the working folder is shown with its whole path', async () => {
    const cwd = workspace({ 'config/keysweep.yaml': '' });
    const file = join(cwd, 'config/keysweep.yaml');
    const result = await readConfig({ path: file, env: {}, cwd: join(cwd, 'config', 'deeper') });
    expect(result).toMatchObject({ mistakes: [{ file, message: 'is empty' }] });
  });
});

describe('stores and queues', () => {
  const queue = async (lines: string, env: Record<string, string> = {}) =>
    readGood({ files: { 'config/keysweep.yaml': goodConfig + lines }, env });

  test('DATABASE_URL and REDIS_URL go before the file, and are secrets', async () => {
    const lines = 'store: { url: "pglite:here" }\nqueue: { url: "redis://file:1", prefix: p }\n';
    const env = { DATABASE_URL: 'postgres://u:p@db/x', REDIS_URL: 'rediss://:pw@env:2/3' };
    const { config, secrets } = await queue(lines, env);
    expect(config.store).toEqual({ kind: 'postgres' });
    expect(config.queue).toEqual({ kind: 'redis', prefix: 'p' });
    expect(secrets.databaseUrl).toBe(env.DATABASE_URL);
    expect(secrets.redisUrl).toBe(env.REDIS_URL);
  });

  test('empty variables are as if not set', async () => {
    const { config, secrets } = await queue('', { DATABASE_URL: '', REDIS_URL: '' });
    expect(config.store.kind).toBe('embedded');
    expect(config.queue.kind).toBe('store');
    expect(secrets.redisUrl).toBeUndefined();
  });

  test('sentinels have a name, hosts and passwords of their own', async () => {
    const { config, secrets } = await queue(
      'queue: { sentinel: { name: main, hosts: ["a:26379", "[::1]:26380"], password: pw, sentinelPassword: spw } }\n',
    );
    expect(config.queue).toEqual({
      kind: 'sentinel',
      prefix: 'keysweep',
      name: 'main',
      hosts: [
        { host: 'a', port: 26_379 },
        { host: '::1', port: 26_380 },
      ],
      username: undefined,
      tls: false,
    });
    expect(secrets).toMatchObject({ redisPassword: 'pw', sentinelPassword: 'spw' });
  });

  test('a cluster has its prefix in braces, put there once', async () => {
    const cluster = 'cluster: { nodes: ["a:7000"], tls: true }';
    expect((await queue(`queue: { ${cluster} }\n`)).config.queue).toMatchObject({
      prefix: '{keysweep}',
      tls: true,
    });
    const braced = await queue(`queue: { prefix: "{mine}", ${cluster} }\n`);
    expect(braced.config.queue).toMatchObject({ prefix: '{mine}' });
  });
});

test('secrets stand apart: the configuration holds none, and they do not print', async () => {
  const canary = 'canary-5f2d';
  const text = `${goodConfig.replaceAll('-of-app', canary)}alerts:
  channels: [{ id: hook, type: webhook, url: "https://h.example/${canary}" }]
store: { url: "postgres://u:${canary}@db/x" }
queue: { url: "redis://:${canary}@r:1" }
`;
  const { config, secrets } = await readGood({ files: { 'config/keysweep.yaml': text } });
  expect(JSON.stringify(config)).not.toContain(canary);
  expect(inspect(secrets) + JSON.stringify(secrets)).not.toContain(canary);
  expect(secrets.channels.get('hook')?.url).toContain(canary);
  expect(secrets.sources.get('prod')?.appSecret).toContain(canary);
});
