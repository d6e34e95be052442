import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { environments, policyNames } from '../../src/init/answers.ts';
import { planFiles, type Setup } from '../../src/init/plan-files.ts';
import { sandboxCredentials } from '../../src/sandbox/create-sandbox.ts';
import { sampleFleet } from '../../src/sandbox/sample-fleet.ts';
import { run } from '../cli/run.ts';

const packageFile = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../config/${name}`, import.meta.url)), 'utf8');

function plan(policy: string, difference: Partial<Setup> = {}): ReadonlyMap<string, string> {
  const files = planFiles({
    environment: 'sandbox',
    cron: '30 2 * * *',
    timezone: 'Europe/Berlin',
    place: (name) => `config/${name}`,
    packaged: {
      policy: packageFile(`policies/${policy}.yaml`),
      keysweepSchema: packageFile('keysweep.schema.json'),
      policySchema: packageFile('policy.schema.json'),
    },
    ...difference,
  });
  return new Map(files.map(({ name, text }) => [name, text]));
}

/** The files of a plan in a folder, and the variables of its .env.example. */
function write(files: ReadonlyMap<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const variables = parseEnv(files.get('.env.example') ?? '') as Record<string, string>;
  return { path: join(folder, 'keysweep.yaml'), variables };
}

const combinations = environments.flatMap((environment) =>
  policyNames.map((policy) => [environment, policy] as const),
);

test.each(combinations)(
  'for %s with the policy %s, config validate finds nothing to say against it',
  async (environment, policy) => {
    const { path, variables } = write(plan(policy, { environment }));
    const { code, stdout, stderr } = await run(['config', 'validate', '--config', path], variables);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('valid; 1 key of 1 source');
  },
);

test('for the sandbox no variable has to be set, and its own credentials are the defaults', async () => {
  const { path, variables } = write(plan('starter'));
  const read = await readConfig({ path, env: {}, cwd: '/' });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  expect(read.secrets.sources.get('flexcharge-sandbox')).toEqual(sandboxCredentials);
  expect(read.config.sources[0]?.baseUrl).toBe('http://127.0.0.1:4010/v1');
  expect(variables).toMatchObject({
    FLEXCHARGE_APP_KEY: sandboxCredentials.appKey,
    FLEXCHARGE_APP_SECRET: sandboxCredentials.appSecret,
    FLEXCHARGE_BASE_URL: 'http://127.0.0.1:4010/v1',
  });
});

test('for production the credentials must be set, and no request goes to this machine', async () => {
  const { path, variables } = write(plan('starter', { environment: 'production' }));
  const without = await readConfig({ path, env: {}, cwd: '/' });
  expect(without).toMatchObject({ ok: false, mistakes: { length: 2 } });
  const read = await readConfig({ path, env: variables, cwd: '/' });
  expect(read).toMatchObject({
    ok: true,
    config: { sources: [{ baseUrl: 'https://api.flex-charge.com/v1' }] },
  });
});

test.each(environments)(
  '.env.example for %s names the variables of keysweep.yaml',
  (environment) => {
    const files = plan('starter', { environment });
    const used = [...(files.get('keysweep.yaml') ?? '').matchAll(/\$\{(FLEXCHARGE_\w+)/g)];
    const named = Object.keys(parseEnv(files.get('.env.example') ?? ''));
    expect(new Set(used.map(([, name]) => name))).toEqual(new Set(named));
  },
);

test('the cron line and the time zone are those that were asked for', async () => {
  const cron = '0 5 1,15 * mon-fri';
  const { path } = write(plan('starter', { cron, timezone: 'America/New_York' }));
  const read = await readConfig({ path, env: {}, cwd: '/' });
  expect(read).toMatchObject({
    ok: true,
    config: { schedules: [{ cron, timezone: 'America/New_York' }] },
  });
});

test('each schema line names a file that is written beside it', () => {
  for (const policy of policyNames) {
    const files = plan(policy);
    const lines = [...files.values()].flatMap((text) => /\$schema=(\S+)/.exec(text)?.[1] ?? []);
    expect(lines).toEqual(['./keysweep.schema.json', './policy.schema.json']);
    for (const line of lines) expect([...files.keys()]).toContain(line.slice(2));
  }
});

test("the example row is a key of the sandbox's fleet", () => {
  const [, row = ''] = (plan('starter').get('keys.csv') ?? '').split('\n');
  const [, keyId] = row.split(',');
  expect(sampleFleet.map(({ id }) => id)).toContain(keyId);
});
