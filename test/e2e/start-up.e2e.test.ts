import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
    for (const { url } of result as { url: string }[])
      for (const source of await sourcesOf(url)) loaded.add(partOf(source));
  }
  return loaded;
}

/** The files that a script was bundled from, as its source map says, or the script itself. */
async function sourcesOf(url: string): Promise<readonly string[]> {
  if (!url.includes('/dist/src/')) return [url];
  const map = await readFile(fileURLToPath(`${url}.map`), 'utf8').catch(() => undefined);
  return map === undefined ? [url] : (JSON.parse(map) as { sources: string[] }).sources;
}

function partOf(path: string): string {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  const [, folder] = /^\.\.\/\.\.\/(src\/[^/]+)/.exec(path) ?? [];
  return name ?? folder ?? path;
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
