// Fails when the source breaks a rule of docs/architecture.md, one line a breach:
//   node scripts/check-architecture.mjs [--root FOLDER] [--entry FILE …]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineAt, maskSource, readImports } from './scan-source.mjs';

const isPure = (path) =>
  /^src\/(keys|evaluate|report|alert\/render)\//.test(path) ||
  /\/(plan-|render-|job-id)[^/]*$/.test(path);

/** What pure files may use from outside, and which of them. */
const purePackages = [
  { name: 'zod', where: /^/ },
  { name: 'node:crypto', where: /^/ },
  { name: 'yaml', where: /^src\/evaluate\/policy\/parse-policy\.ts$/ },
  { name: '@marcbachmann/cel-js', where: /^src\/evaluate\/expression\// },
  { name: 'picocolors', where: /^src\/report\// },
  { name: 'hono', where: /^src\/(report\/html|alert\/render\/email)\// },
  { name: 'csv-stringify', where: /^src\/report\/csv\// },
];

const impure = [
  { what: 'reads the clock', form: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\s*\./g },
  { what: 'reads the clock', form: /(?<!new\s+)(?<![\w.])Date\(\s*\)/g },
  { what: 'draws at random', form: /\bMath\.random\b|\brandom(UUID|Bytes|Int)\b|getRandomValues/g },
  { what: 'uses the process', form: /(?<![\w.])process\s*[.[]/g },
  { what: 'sets a timer', form: /(?<![\w.])set(Timeout|Interval|Immediate)\s*\(/g },
  { what: 'talks to the outside', form: /(?<![\w.])fetch\s*\(|(?<![\w.])console\s*\./g },
];

const clients = ['got', 'ioredis', 'pg', 'bullmq', 'kysely', '@electric-sql/pglite'];
const clientFolders = /^src\/(sources\/http|alert\/channels)\//;
const entriesOfJobs = ['src/app/', 'src/main.ts'];
const mayUseGot = clientFolders;
const junk = /^(utils?|helpers?|common|lib|libs|misc|shared)$/i;

/**
 * Checks the folders `src` and `jobs` under `root`.
 * @param {{ root: string, entries?: string[] }} options
 * @returns {{ files: number, breaches: string[] }}
 */
export function checkArchitecture({ root, entries = ['src/main.ts'] }) {
  const files = new Map(listSources(root).map((path) => [path, readSource(root, path)]));
  const breaches = [
    ...[...files.values()].flatMap((file) => [
      ...checkNames(file),
      ...checkExports(file),
      ...checkEnvironment(file),
      ...checkGot(file),
      ...checkJobs(file),
    ]),
    ...checkPure(files),
    ...checkCycles(files),
    ...checkReach(files, entries),
  ];
  return { files: files.size, breaches: [...new Set(breaches)].sort() };
}

const breach = (file, line, rule, why) => `${file.path}:${line} ${rule}: ${why}`;

function checkNames(file) {
  const names = file.path.split('/').map((name) => name.split('.')[0]);
  const bad = names.find((name) => junk.test(name));
  const why = `nothing is named ${bad}: name it for what it does, beside its user`;
  return bad === undefined ? [] : [breach(file, 1, 'names', why)];
}

function checkExports(file) {
  const form = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g;
  return matchesOf(file, form).map((line) =>
    breach(file, line, 'exports', 'a default export has no name to look for'),
  );
}

function checkEnvironment(file) {
  if (file.path === 'src/main.ts') return [];
  const why = 'only src/main.ts reads the environment';
  const imported = file.imports.filter(
    ({ specifier, clause }) => /^(node:)?process$/.test(specifier) && /\benv\b/.test(clause),
  );
  const lines = [
    ...matchesOf(file, /\bprocess\s*\??\.\s*env\b|\bprocess\s*\[/g),
    ...imported.map(({ line }) => line),
  ];
  return lines.map((line) => breach(file, line, 'environment', why));
}

function checkGot(file) {
  if (mayUseGot.test(file.path)) return [];
  const why = 'its errors carry secrets: only src/sources/http and src/alert/channels may';
  return file.imports
    .filter(({ specifier }) => packageOf(specifier) === 'got')
    .map(({ line }) => breach(file, line, 'got', why));
}

function checkJobs(file) {
  if (!file.path.startsWith('jobs/')) {
    if (entriesOfJobs.some((entry) => file.path.startsWith(entry))) return [];
    const why = `only ${entriesOfJobs.join(' and ')} know the jobs`;
    return file.imports
      .filter(({ target }) => target?.startsWith('jobs/'))
      .map(({ line }) => breach(file, line, 'jobs', why));
  }
  return file.imports.flatMap(({ specifier, target, kind, line }) => {
    const isClient = clients.includes(packageOf(specifier));
    const isStage = kind !== 'type' && clientFolders.test(target ?? '');
    if (!isClient && !isStage) return [];
    return [breach(file, line, 'jobs', `a job holds no client: ${target ?? specifier}`)];
  });
}

/** A file that a pure one imports must be pure as well, whatever its name. Types are erased. */
function checkPure(files) {
  const because = new Map();
  const waiting = [...files.keys()].filter(isPure);
  for (const path of waiting) because.set(path, '');
  for (const path of waiting) {
    for (const { target, kind } of files.get(path).imports) {
      if (kind === 'type' || !files.has(target) || because.has(target)) continue;
      because.set(target, `, and ${path}, which is pure, imports it`);
      waiting.push(target);
    }
  }
  return waiting.flatMap((path) => checkPureFile(files.get(path), because.get(path)));
}

function checkPureFile(file, because) {
  const uses = impure.flatMap(({ what, form }) =>
    matchesOf(file, form).map((line) => breach(file, line, 'pure', `${what}${because}`)),
  );
  const imports = file.imports.flatMap(({ specifier, target, kind, line }) => {
    if (kind === 'dynamic') return [breach(file, line, 'pure', `imports late${because}`)];
    const name = packageOf(specifier);
    const isAllowed = purePackages.some((pure) => pure.name === name && pure.where.test(file.path));
    if (target !== undefined || isAllowed) return [];
    return [breach(file, line, 'pure', `uses ${specifier}${because}`)];
  });
  return [...uses, ...imports];
}

/** Reports each cycle once, at the import that closes it. */
function checkCycles(files) {
  const done = new Set();
  const found = [];
  const visit = (path, trail) => {
    const file = files.get(path);
    for (const { target, line } of file.imports.filter((one) => files.has(one.target))) {
      const start = trail.indexOf(target);
      const cycle = [...trail.slice(start), target].join(' → ');
      if (start >= 0) found.push(breach(file, line, 'cycles', cycle));
      else if (!done.has(target)) visit(target, [...trail, target]);
    }
    done.add(path);
  };
  for (const path of files.keys()) if (!done.has(path)) visit(path, [path]);
  return found;
}

/** Whatever no entry leads to is dead. */
function checkReach(files, entries) {
  const missing = entries.filter((entry) => !files.has(entry));
  if (missing.length > 0) return missing.map((entry) => `${entry}:1 reach: there is no such entry`);
  const reached = new Set(entries);
  for (const path of reached) {
    for (const { target } of files.get(path).imports) if (files.has(target)) reached.add(target);
  }
  return [...files.values()]
    .filter(({ path }) => !reached.has(path))
    .map((file) => breach(file, 1, 'reach', `nothing leads here from ${entries.join(', ')}`));
}

function matchesOf({ source, masked }, form) {
  return [...masked.matchAll(form)].map(({ index }) => lineAt(source, index));
}

/** `@scope/name/part` is of `@scope/name`, `node:fs/promises` of `node:fs`. */
function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function readSource(root, path) {
  const source = readFileSync(join(root, path), 'utf8');
  const masked = maskSource(source);
  const imports = readImports(source, masked).map((found) => ({
    ...found,
    target: found.specifier.startsWith('.')
      ? posix.join(posix.dirname(path), found.specifier)
      : undefined,
  }));
  return { path, source, masked, imports };
}

function listSources(root) {
  return ['src', 'jobs']
    .filter((folder) => statSync(join(root, folder), { throwIfNoEntry: false })?.isDirectory())
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|js|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.split(sep).join('/'))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { root: { type: 'string' }, entry: { type: 'string', multiple: true } },
  });
  const root = values.root ?? dirname(dirname(fileURLToPath(import.meta.url)));
  const { files, breaches } = checkArchitecture({ root, entries: values.entry });
  for (const line of breaches) console.log(line);
  console.log(`architecture: ${files} files, ${breaches.length} breaches`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
