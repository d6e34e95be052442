import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launch } from './command.ts';

const sample = new URL('../../config/keysweep.yaml', import.meta.url).pathname;

/** The packages and the folders of keysweep that a command loads, as V8 counts its scripts. */
async function loadedBy(...args: string[]): Promise<ReadonlySet<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-loaded-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await launch(args, { NODE_V8_COVERAGE: folder }).ended;
  const loaded = new Set<string>();
  for (const name of await readdir(folder)) {
    const { result } = JSON.parse(await readFile(join(folder, name), 'utf8'));
    for (const { url } of result as { url: string }[]) loaded.add(partOf(url));
  }
  return loaded;
}

function partOf(url: string): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, folder] = /\/dist\/(src\/[^/]+)/.exec(url) ?? [];
  return name ?? folder ?? url;
}

const clients = ['pg', 'bullmq', '@electric-sql/pglite', 'got', 'nodemailer', 'ioredis', 'kysely'];

test.each([
  ['help', ['--help']],
  ['the help of a command', ['sweep', '--help']],
  ['the version', ['--version']],
  ['a wrong command', ['swep']],
])('%s loads nothing but the parser of the command line', async (_what, args) => {
  const loaded = await loadedBy(...args);
  expect(loaded).toContain('commander');
  expect(loaded).toContain('src/cli');
  for (const name of [...clients, 'zod', 'yaml', 'hono', 'pino'])
    expect(loaded).not.toContain(name);
});

test('the configuration is checked without loading any client', async () => {
  const loaded = await loadedBy('config', 'validate', '--config', sample);
  expect(loaded).toContain('yaml');
  for (const name of [...clients, 'hono', 'pino', 'src/record']) expect(loaded).not.toContain(name);
});
