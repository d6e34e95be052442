import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script: string = '../../scripts/scan-source.mjs';
const { maskSource, readImports } = (await import(script)) as {
  maskSource(source: string): string;
  readImports(source: string, masked: string): { specifier: string; kind: string }[];
};

const clients = ['got', 'nodemailer', 'pg', 'ioredis', 'bullmq', 'kysely', '@electric-sql/pglite'];

/** The files and packages that a file loads as it is imported. A package has a plain name. */
function importsOf(file: string): readonly string[] {
  const source = readFileSync(file, 'utf8');
  return readImports(source, maskSource(source))
    .filter(({ kind }) => kind === 'value')
    .map(({ specifier }) =>
      specifier.startsWith('.') ? join(dirname(file), specifier) : specifier,
    );
}

function loadedBy(entry: string): ReadonlySet<string> {
  const seen = new Set([entry]);
  for (const name of seen) {
    if (name.startsWith('/')) for (const found of importsOf(name)) seen.add(found);
  }
  return seen;
}

test('reading the configuration loads no client, whatever channels and vendors there are', () => {
  const entry = new URL('../../src/config/read-config.ts', import.meta.url);
  const packages = [...loadedBy(fileURLToPath(entry))].map(
    (name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0],
  );
  expect(packages).toContain('zod');
  expect(clients.filter((name) => packages.includes(name))).toEqual([]);
});
