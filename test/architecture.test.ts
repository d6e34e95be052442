import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

interface Checker {
  checkArchitecture(options: { root: string; entries?: string[] }): {
    files: number;
    breaches: string[];
  };
}

// Named by a URL, because a plain script has no types to import.
const script = new URL('../scripts/check-architecture.mjs', import.meta.url).href;
const { checkArchitecture } = (await import(script)) as Checker;

/** The breaches of a tree of these files; `src/main.ts` imports all of `src` unless it is given. */
function breachesOf(files: Record<string, string>, entries?: string[]): string[] {
  const root = mkdtempSync(join(tmpdir(), 'ks-tree-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const app = 'src/app/open-app.ts';
  const paths = Object.keys(files).filter((path) => path !== app);
  const jobs = paths.filter((path) => path.startsWith('jobs/'));
  const imports = (of: string[], up = '..') =>
    of.map((path) => `import '${up}/${path}';`).join('\n');
  const tree = {
    'src/main.ts': imports([...paths.filter((path) => path.startsWith('src/')), app]),
    [app]: imports(jobs, '../..'),
    ...files,
  };
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkArchitecture({ root, ...(entries ? { entries } : {}) }).breaches;
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
    'src/evaluate/policy/parse-policy.ts':
      "import { parse } from 'yaml';\nimport { z } from 'zod';",
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

  test.each(['ioredis', 'pg', 'bullmq', 'kysely', '@electric-sql/pglite/vector'])(
    'hold no %s, not even its types',
    (name) => {
      expectBreach(
        { 'jobs/a.ts': `import type { X } from '${name}';` },
        /^jobs\/a\.ts:1 jobs: a job holds no/,
      );
    },
  );

  test('hold no got, which is not theirs on two counts', () => {
    expectBreach({ 'jobs/a.ts': "import got from 'got';" }, /1 got: its errors/, /1 jobs: a job/);
  });

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

  test.each(['export default 1;', 'const a = 1;\nexport { a as default };'])(
    'has no default export: %s',
    (code) => {
      expectBreach({ 'src/http/a.ts': code }, /exports: a default export/);
    },
  );

  test.each(['process.env', "process['env']", 'process?.env'])(
    'reads no %s outside of src/main.ts',
    (code) => {
      expectBreach({ 'src/http/a.ts': `const e = ${code};` }, /^src\/http\/a\.ts:1 environment/);
      expect(breachesOf({ 'src/main.ts': `import './app/open-app.ts'; ${code};` })).toEqual([]);
    },
  );

  test('takes the environment from nowhere else', () => {
    expectBreach({ 'src/http/a.ts': "import { env } from 'node:process';" }, /environment/);
  });

  test('uses got where its errors are kept in', () => {
    expectBreach({ 'src/cli/a.ts': "import got from 'got';" }, /^src\/cli\/a\.ts:1 got/);
    expect(breachesOf({ 'src/sources/http/a.ts': "import got from 'got';" })).toEqual([]);
  });

  test('has no cycle of imports, of types included', () => {
    expectBreach(
      {
        'src/http/a.ts': "import './b.ts';",
        'src/http/b.ts': "\nimport type { A } from './a.ts';",
      },
      /^src\/http\/b\.ts:2 cycles: src\/http\/a\.ts → src\/http\/b\.ts → src\/http\/a\.ts$/,
    );
  });

  test('has nothing that no entry leads to', () => {
    const files = { 'src/main.ts': "import './app/open-app.ts';", 'src/http/dead.ts': '' };
    expectBreach(files, /^src\/http\/dead\.ts:1 reach: nothing leads here from src\/main\.ts$/);
    expect(breachesOf(files, ['src/main.ts', 'src/http/dead.ts'])).toEqual([]);
  });

  test('has the entries that are named', () => {
    expect(breachesOf({}, ['src/gone.ts'])).toEqual([
      'src/gone.ts:1 reach: there is no such entry',
    ]);
  });
});
