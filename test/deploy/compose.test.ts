import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/read-config.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const text = read('compose.yaml');
const { services, volumes } = parse(text) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const { keysweep, migrate, redis } = services as Readonly<Record<string, Service>>;

/** The variables that must be set, and what they are set to here. */
const given: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'of-postgres',
  FLEXCHARGE_APP_KEY: 'an-app-key',
  FLEXCHARGE_APP_SECRET: 'an-app-secret',
  KEYSWEEP_TOKEN: 'a-token-of-twenty-characters-or-more',
};
const substitute = (value: string) =>
  value.replaceAll(/\$\{(\w+):\?\}/g, (_, name: string) => given[name] ?? `no ${name}`);

test('publishes the port of keysweep alone, and to this machine alone', () => {
  const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.map((port) => `${name} ${port}`),
  );
  expect(published).toEqual(['keysweep 127.0.0.1:8080:8080']);
});

test('asks keysweep about its life by the check of the image, and a migration not at all', () => {
  expect(read('Dockerfile')).toMatch(
    /^HEALTHCHECK [^\n]*\\\n +CMD \["keysweep", "healthcheck"\]$/m,
  );
  expect(keysweep?.image).toBe('keysweep');
  expect(keysweep?.healthcheck).toBeUndefined();
  expect(migrate?.healthcheck).toEqual({ disable: true });
});

test('waits for what a container needs, where something says that it is there', () => {
  const needs = Object.values(services).flatMap(({ depends_on: its = {} }) => Object.entries(its));
  for (const [needed, { condition }] of needs) {
    const service = services[needed];
    const ends = condition === 'service_completed_successfully';
    const said = ends ? service?.command?.[0] : service?.healthcheck?.test?.[0];
    expect([needed, said]).toEqual([needed, ends ? 'migrate' : expect.any(String)]);
  }
  expect(Object.keys(keysweep?.depends_on ?? {})).toEqual(['migrate', 'redis']);
  expect(Object.keys(migrate?.depends_on ?? {})).toEqual(['postgres']);
});

test.each(['keysweep', 'migrate'])('%s runs with the least rights', (name) => {
  expect(services[name]).toMatchObject({
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: ['./config:/config:ro'],
  });
});

test('keeps what the servers write', () => {
  for (const name of ['postgres', 'redis']) {
    expect(services[name]?.volumes?.[0]).toMatch(new RegExp(`^${name}:/`));
    expect(Object.keys(volumes)).toContain(name);
  }
  const command = redis?.command?.join(' ');
  expect(command).toBe('redis-server --maxmemory-policy noeviction --appendonly yes');
});

test('leads to a valid configuration that is reachable from outside of the container', async () => {
  const asked = [...text.matchAll(/\$\{(\w+):\?\}/g)].map(([, name]) => name ?? '');
  expect([...new Set(asked)].sort()).toEqual(Object.keys(given).sort());
  const folder = mkdtempSync(join(tmpdir(), 'ks-compose-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, 'config'), folder, { recursive: true });
  const [, http = ''] = /^# +(http: \{.*\})$/m.exec(text) ?? [];
  appendFileSync(join(folder, 'keysweep.yaml'), `\n${http}\n`);
  const env = Object.entries(keysweep?.environment ?? {}).map(([name, value]) => [
    name,
    substitute(value),
  ]);
  const config = await readConfig({
    path: join(folder, 'keysweep.yaml'),
    env: Object.fromEntries(env),
    cwd: folder,
  });
  expect(config).toMatchObject({
    ok: true,
    config: {
      ...{ store: { kind: 'postgres' }, queue: { kind: 'redis' } },
      http: { host: '0.0.0.0', port: 8080 },
    },
  });
});
