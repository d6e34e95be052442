import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

interface Layout {
  readonly layers: readonly {
    readonly under: string;
    readonly order: readonly string[];
    readonly isWhole?: boolean;
    readonly branches?: Readonly<Record<string, readonly string[]>>;
    readonly exceptions?: readonly { from: string; to: string; why: string }[];
  }[];
  readonly crowd: { readonly most: number; readonly exceptions: Readonly<Record<string, number>> };
  readonly doubledNames: readonly string[];
}

interface Checker {
  checkArchitecture(options: { root: string; layout?: Layout }): {
    files: number;
    breaches: string[];
  };
}

// Named by a URL, because a plain script has no types to import.
const script = new URL('../scripts/check-architecture.mjs', import.meta.url).href;
const { checkArchitecture } = (await import(script)) as Checker;

/** The breaches of a tree of these files. */
function breachesOf(files: Record<string, string>, layout?: Partial<Layout>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'ks-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const none = { layers: [], crowd: { most: 99, exceptions: {} }, doubledNames: [] };
  return checkArchitecture({ root, ...(layout && { layout: { ...none, ...layout } }) }).breaches;
}

const expectBreach = (files: Record<string, string>, ...lines: RegExp[]) => {
  const breaches = breachesOf(files);
  expect(breaches).toHaveLength(lines.length);
  for (const [at, line] of lines.entries()) expect(breaches[at]).toMatch(line);
};

test('finds nothing in a tree that keeps the rules', () => {
  const files = {
    'src/keys/key.ts': "import type { Pool } from '../record/pool.ts';\nexport const key = 1;",
    'src/record/pool.ts': "import pg from 'pg';",
    'src/evaluate/policy/parse-yaml.ts': "import { parse } from 'yaml';\nimport { z } from 'zod';",
    'src/report/table.ts': "import { createColors } from 'picocolors';\nnew Date(0);",
    'src/sources/http/transport.ts': "import got from 'got';",
    'jobs/sweep.ts': "import type { Transport } from '../src/sources/http/transport.ts';",
  };
  expect(breachesOf(files)).toEqual([]);
});

describe('pure', () => {
  test.each([
    ['const now = Date.now();', 'reads the clock'],
    ['const now = new Date();', 'reads the clock'],
    ['const now = Date();', 'reads the clock'],
    ['const t = performance.now();', 'reads the clock'],
    ['const r = Math.random();', 'draws at random'],
    ["import { randomUUID } from 'node:crypto';", 'draws at random'],
    ['const level = process.argv;', 'uses the process'],
    ['setTimeout(() => 1, 5);', 'sets a timer'],
    ["fetch('https://x');", 'talks to the outside'],
    ["console.log('x');", 'talks to the outside'],
    ["const fs = await import('node:fs');", 'imports late'],
    ["import { readFileSync } from 'node:fs';", 'uses node:fs'],
    ["import type { Pool } from 'pg';", 'uses pg'],
    ["export { parse } from 'yaml';", 'uses yaml'],
  ])('refuses `%s`', (code, why) => {
    expectBreach(
      { 'src/evaluate/rule.ts': `\n${code}` },
      new RegExp(`^src/evaluate/rule.ts:2 pure: ${why}$`),
    );
  });

  test.each(['src/keys/a.ts', 'src/report/a.ts', 'src/alert/plan-a.ts', 'src/queue/job-id.ts'])(
    'covers %s',
    (path) => {
      expectBreach({ [path]: 'Date.now();' }, /pure: reads the clock/);
    },
  );

  test('covers what a pure file imports, however far', () => {
    expectBreach(
      {
        'src/alert/plan-a.ts': "import { b } from './b.ts';",
        'src/alert/b.ts': "export { c } from './c.ts';",
        'src/alert/c.ts': 'export const c = Math.random();',
      },
      /^src\/alert\/c\.ts:1 pure: draws at random, and src\/alert\/b\.ts, which is pure, imports it$/,
    );
  });

  test('does not see code in comments, strings, templates and regular expressions', () => {
    const code = [
      '// Date.now()',
      '/* import x from "pg"; Math.random() */',
      'const text = "new Date()" + \'console.log(1)\';',
      `const long = \`setTimeout( \${text} import "pg"\`;`,
      'const form = /["\'`]import "pg" process.env/;',
    ];
    expect(breachesOf({ 'src/keys/a.ts': code.join('\n') })).toEqual([]);
  });

  test('sees code in the expressions of a template, and after a quote in a pattern', () => {
    const inTemplate = `const a = \`now \${[\`\${Date.now()}\`]}\`;`;
    expectBreach({ 'src/keys/a.ts': inTemplate }, /reads the clock/);
    expectBreach(
      { 'src/keys/a.ts': "const a = /'/; Date.now(); const b = 1 / 2;" },
      /reads the clock/,
    );
  });

  test('takes an import of a type for none, and one with a type among its names for one', () => {
    const impure = { 'src/record/pool.ts': 'export const a = Date.now();\nexport type B = 1;' };
    const pure = (code: string) => ({ ...impure, 'src/keys/a.ts': code });
    expect(breachesOf(pure("import type { B } from '../record/pool.ts';"))).toEqual([]);
    expectBreach(pure("import { type B } from '../record/pool.ts';"), /pool\.ts:1 pure/);
  });
});

describe('jobs', () => {
  test('are known to entries and other jobs only', () => {
    expectBreach(
      {
        'jobs/sweep.ts': "import './other.ts';",
        'jobs/other.ts': '',
        'src/queue/worker.ts': "import type { Sweep } from '../../jobs/sweep.ts';",
      },
      /^src\/queue\/worker\.ts:1 jobs: only src\/app\/ and src\/main\.ts know the jobs$/,
    );
  });

  test.each(['got', 'ioredis', 'pg', 'bullmq', 'kysely', '@electric-sql/pglite/vector'])(
    'hold no %s, not even its types',
    (name) => {
      expectBreach(
        { 'jobs/a.ts': `import type { X } from '${name}';` },
        /^jobs\/a\.ts:1 jobs: a job holds no/,
      );
    },
  );

  test.each(['src/sources/http/client.ts', 'src/alert/channels/webhook.ts'])(
    'hold no %s',
    (path) => {
      expectBreach(
        { 'jobs/a.ts': `import { x } from '../${path}';`, [path]: '' },
        /a job holds no client/,
      );
    },
  );
});

describe('the whole tree', () => {
  test.each([
    'src/utils.ts',
    'src/http/helpers.ts',
    'src/common/text.ts',
    'jobs/lib.ts',
    'src/misc.x.ts',
  ])('has no %s', (path) => {
    expectBreach(
      { [path]: '' },
      new RegExp(`^${path.replaceAll('.', '\\.')}:1 names: nothing is named`),
    );
  });
});

describe('folders that lie in layers', () => {
  const importing = (...paths: string[]) => paths.map((path) => `import '${path}';`).join('\n');
  const src = { under: 'src', order: ['keys', 'record', 'http'], isWhole: true };
  const record = {
    under: 'src/record',
    order: ['store', 'outbox', 'findings', 'sweeps', 'closing'],
    branches: { reads: ['store'] },
  };
  const checked = (files: Record<string, string>, ...layers: Layout['layers'][number][]) =>
    breachesOf(files, { layers });

  test('import from those below, and files beside the folders from all', () => {
    const files = {
      'src/main.ts': importing('./http/a.ts'),
      'src/http/a.ts': importing('../record/a.ts', '../keys/a.ts', './b.ts'),
      'src/http/b.ts': importing('../main.ts'),
      'src/record/closing/a.ts': importing('../sweeps/a.ts', '../store/a.ts', '../other/a.ts'),
      'src/record/outbox/a.ts': importing('../store/a.ts'),
      'src/record/reads/a.ts': importing('../store/a.ts'),
    };
    expect(checked(files, src, record)).toEqual([]);
  });

  test('import from none above, be it a type', () => {
    expect(checked({ 'src/keys/a.ts': "\nimport type { B } from '../record/b.ts';" }, src)).toEqual(
      ['src/keys/a.ts:2 layers: keys may not import from record'],
    );
  });

  test.each([
    ['store', 'outbox'],
    ['outbox', 'findings'],
    ['findings', 'sweeps'],
    ['sweeps', 'closing'],
    ['reads', 'outbox'],
    ['store', 'reads'],
    ['closing', 'reads'],
  ])('%s of record imports nothing from %s', (from, to) => {
    const path = `src/record/${from}/a.ts`;
    expect(checked({ [path]: importing(`../${to}/b.ts`) }, record)).toEqual([
      `${path}:1 layers: ${from} may not import from ${to}`,
    ]);
  });

  test('may be excepted for one file, as long as that is needed', () => {
    const exceptions = [{ from: 'keys', to: 'src/http/a.ts', why: 'for now' }];
    const files = { 'src/keys/a.ts': importing('../http/a.ts', '../http/b.ts') };
    expect(checked(files, { ...src, exceptions })).toEqual([
      'src/keys/a.ts:2 layers: keys may not import from http',
    ]);
    expect(checked({ 'src/keys/a.ts': '' }, { ...src, exceptions })).toEqual([
      'src:1 layers: nothing needs keys → src/http/a.ts any more',
    ]);
  });

  test('have all a place in the order', () => {
    expect(checked({ 'src/new/a.ts': '' }, src)).toEqual([
      'src/new/a.ts:1 layers: this folder has no place in the order',
    ]);
  });
});

test('no folder holds more files beside each other than allowed', () => {
  const files = { 'src/a/1.ts': '', 'src/a/2.ts': '', 'src/a/b/3.ts': '', 'jobs/1.ts': '' };
  const crowded = (most: number, exceptions = {}) =>
    breachesOf({ ...files, 'jobs/2.ts': '' }, { crowd: { most, exceptions } });
  expect(crowded(2)).toEqual([]);
  expect(crowded(1)).toEqual(['src/a:1 crowd: 2 files beside each other, not 1']);
  expect(crowded(1, { 'src/a': 2 })).toEqual([]);
});

describe('one name', () => {
  const doubled = (one: string, other: string, doubledNames: string[] = []) =>
    breachesOf({ 'src/a/1.ts': one, 'jobs/2.ts': `\n${other}` }, { doubledNames });

  test.each([
    ['export const a = 1;', 'export async function a() {}'],
    ['export interface a {}', 'export type a = 1;'],
    ['export abstract class a {}', 'export function* a() {}'],
  ])('means one thing: `%s` and `%s`', (one, other) => {
    expect(doubled(one, other)).toEqual(['src/a/1.ts:1 doubled: a is exported by jobs/2.ts too']);
  });

  test('may stand in two files where one of them keeps it to itself, or as long as it is listed', () => {
    expect(doubled('export const a = 1;', 'const a = 1;\nexport const ab = 1;')).toEqual([]);
    expect(doubled('export const a = 1;', 'export const a = 2;', ['a'])).toEqual([]);
  });

  test('may be exported twice by one file: overloads, and a type with its value', () => {
    expect(doubled('export type a = 1;\nexport const a = 1;', '')).toEqual([]);
  });
});
