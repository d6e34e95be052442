// Fails if the source breaks a rule of docs/architecture.md that neither Biome nor knip can check;
// prints one line per breach: node scripts/check-architecture.mjs [--root FOLDER]
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineAt, maskSource, readImports } from './scan-source.mjs';

const isPure = (path) =>
  /^src\/(keys|evaluate|report|alert\/render|evidence\/(log|leaves|sweeps|summary|ticks|pack-files\/(?!gzip)|verify))\//.test(
    path,
  ) ||
  /^src\/http\/pages\/.*\.tsx$/.test(path) ||
  /\/(plan-|render-|job-id)[^/]*$/.test(path);

/** The packages that pure files may use, and which files may use each. */
const purePackages = [
  { name: 'zod', where: /^/ },
  { name: 'node:crypto', where: /^/ },
  { name: 'yaml', where: /^src\/evaluate\/policy\/parse-yaml\.ts$/ },
  { name: '@marcbachmann/cel-js', where: /^src\/evaluate\/expression\// },
  { name: 'node-cron', where: /^src\/timing\/read-cron\.ts$/ },
  { name: 'picocolors', where: /^src\/report\// },
  {
    name: 'hono',
    where: /^src\/(report\/html|evidence\/summary|alert\/render\/email|http\/pages)\/.*\.tsx?$/,
  },
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
const junk = /^(utils?|helpers?|common|lib|libs|misc|shared)$/i;

/**
 * How folders may depend on each other. `order` runs from bottom to top: a folder imports only from
 * the folders before it. A folder of `branches` imports only from those that it lists. `exceptions`
 * are imports from a folder to a file above it, each with its reason. An unused one is a breach.
 */
const layers = [
  {
    under: 'src',
    isWhole: true,
    order: [
      ...[
        'text',
        'timing',
        'tracing',
        'blocks',
        'keys',
        'evaluate',
        'documents',
        'inventory',
        'report',
        'options',
        'proxy',
        'alert',
        'evidence',
      ],
      ...['config', 'policy-test', 'schedule', 'record', 'witness', 'queue', 'sources', 'backtest'],
      ...['operations', 'doctor', 'http', 'init', 'sandbox', 'demo', 'app', 'cli'],
    ],
    exceptions: [
      {
        from: 'config',
        to: 'src/sources/source-schema.ts',
        why: 'a vendor checks its own options',
      },
      { from: 'config', to: 'src/sources/vendor.ts', why: 'a vendor checks its own options' },
      { from: 'config', to: 'src/sources/vendors.ts', why: 'a vendor checks its own options' },
    ],
  },
  {
    under: 'src/record',
    order: ['store', 'audit-log', 'log', 'approvals', 'outbox', 'findings', 'sweeps', 'closing'],
    branches: {
      reads: ['store'],
      sessions: ['store'],
      checks: ['store', 'log'],
      exports: ['store', 'log', 'checks'],
      reviews: ['store', 'log', 'outbox', 'findings', 'reads'],
    },
  },
];

/** The most files in one folder of `src`, and the folders that still hold more. */
const crowd = {
  most: 20,
  // A released table changes by one more file.
  exceptions: { 'src/record/store/migrations': 40 },
};

/** The layout of this repository. Another tree passes its own. */
const layout = { layers, crowd, doubledNames: [] };
const noLayout = { layers: [], crowd: { most: Infinity, exceptions: {} }, doubledNames: [] };

/**
 * Checks the folders `src` and `jobs` under `root`.
 * @param {{ root: string, layout?: typeof layout }} options
 * @returns {{ files: number, breaches: string[] }}
 */
export function checkArchitecture({ root, layout = noLayout }) {
  const files = new Map(listSources(root).map((path) => [path, readSource(root, path)]));
  const breaches = [
    ...[...files.values()].flatMap((file) => [...checkNames(file), ...checkJobs(file)]),
    ...checkPure(files),
    ...layout.layers.flatMap((layer) => checkLayer(files, layer)),
    ...checkCrowds(files, layout.crowd),
    ...checkDoubledNames(files, layout.doubledNames),
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

/** A file that a pure one imports must be pure too, with any name. Type imports do not count. */
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

/** Reports imports from folders above, folders without a place, and unused exceptions. */
function checkLayer(files, layer) {
  const { under, order, isWhole = false, branches = {}, exceptions = [] } = layer;
  const folders = [...order, ...Object.keys(branches)];
  const folderOf = (path) => path?.match(`^${under}/([^/]+)/`)?.[1];
  const allowed = (from) => branches[from] ?? order.slice(0, Math.max(0, order.indexOf(from)));
  const arrows = [...files.values()].flatMap((file) => {
    const from = folderOf(file.path);
    const ends = file.imports.map((one) => ({ ...one, file, from, to: folderOf(one.target) }));
    return from === undefined ? [] : ends;
  });
  const wrong = arrows.filter(
    ({ from, to }) => from !== to && folders.includes(to) && !allowed(from).includes(to),
  );
  const isMeant = (arrow) => (one) => one.from === arrow.from && one.to === arrow.target;
  const strangers = [...files.values()].filter(({ path }) => {
    const folder = folderOf(path);
    return isWhole && folder !== undefined && !folders.includes(folder);
  });
  return [
    ...wrong
      .filter((arrow) => !exceptions.some(isMeant(arrow)))
      .map(({ file, line, from, to }) => {
        return breach(file, line, 'layers', `${from} may not import from ${to}`);
      }),
    ...strangers.map((file) => breach(file, 1, 'layers', 'this folder has no place in the order')),
    ...exceptions
      .filter((one) => !wrong.some((arrow) => isMeant(arrow)(one)))
      .map(({ from, to }) => `${under}:1 layers: nothing needs ${from} → ${to} any more`),
  ];
}

function checkCrowds(files, { most, exceptions }) {
  const counts = new Map();
  for (const path of files.keys()) {
    const folder = posix.dirname(path);
    if (path.startsWith('src/')) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([folder, count]) => count > (exceptions[folder] ?? most))
    .map(([folder, count]) => `${folder}:1 crowd: ${count} files beside each other, not ${most}`);
}

const exported =
  /^export\s+(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\s*\*?|const|let|class|interface|type|enum)\s+([\w$]+)/gm;

/** An exported name, of a type or a value, means only one thing. */
function checkDoubledNames(files, allowed) {
  const first = new Map();
  const found = [];
  for (const file of files.values()) {
    for (const { 1: name, index } of file.masked.matchAll(exported)) {
      const before = first.get(name) ?? file.path;
      first.set(name, before);
      if (before === file.path || allowed.includes(name)) continue;
      const why = `${name} is exported by ${before} too`;
      found.push(breach(file, lineAt(file.source, index), 'doubled', why));
    }
  }
  return found;
}

function matchesOf({ source, masked }, form) {
  return [...masked.matchAll(form)].map(({ index }) => lineAt(source, index));
}

/** `@scope/name/part` belongs to `@scope/name`, `node:fs/promises` to `node:fs`. */
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
  const { values } = parseArgs({ options: { root: { type: 'string' } } });
  const root = values.root ?? dirname(dirname(fileURLToPath(import.meta.url)));
  const { files, breaches } = checkArchitecture({ root, layout });
  for (const line of breaches) console.log(line);
  console.log(`architecture: ${files} files, ${breaches.length} breaches`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
