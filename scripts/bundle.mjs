import { createHash } from 'node:crypto';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The entries of the threads that the program starts: they are written beside every bundle. */
const threads = [
  join(root, 'src/sources/thread/sources-thread.ts'),
  join(root, 'src/backtest/judging/judging-thread.ts'),
];

/** The files that pages refer to: `read-assets.ts` finds them beside itself, and beside a bundle. */
const assets = join(root, 'src/http/pages/assets');

/**
 * The packages that a command loads before it does anything, and kysely with its many small files.
 * Their code goes into the bundle, so that Node reads a few files, not three hundred. All other
 * packages are imported as installed.
 */
export const bundled = ['@marcbachmann/cel-js', 'commander', 'kysely', 'yaml', 'zod'];

/**
 * Writes `FOLDER/NAME.js` for each entry `FOLDER/…/NAME.ts`, and beside them the parts that entries
 * share. Each dynamic import becomes a separate file.
 * @param {readonly string[]} entries paths relative to the root
 * @param {string} folder relative to the root
 */
export async function bundle(entries, folder) {
  const bundle = await rolldown({
    cwd: root,
    input: [...entries.map((entry) => join(root, entry)), ...threads],
    platform: 'node',
    tsconfig: true,
    external: isExternal,
  });
  try {
    const dir = join(root, folder);
    const { output } = await bundle.write({ dir, format: 'esm', sourcemap: true, ...names });
    await writeFile(join(dir, 'build-id.txt'), `${await identify(output)}\n`);
  } finally {
    await bundle.close();
  }
  await cp(assets, join(root, folder, 'assets'), { recursive: true });
}

/**
 * Writes the verifier of packs as one readable file that imports only modules of Node, so that an
 * auditor can run it with nothing installed.
 * @param {string} file relative to the root
 * @param {string} licences of what is bundled with it
 */
export async function bundleVerifier(file, licences) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const bundle = await rolldown({
    cwd: root,
    input: join(root, 'src/verify.ts'),
    platform: 'node',
    tsconfig: true,
    transform: { define: { keysweepVersion: JSON.stringify(version) } },
    plugins: [nodeModules, yamlAlone, cronWithoutTimers],
  });
  try {
    const footer = licences.replace(/^/gm, '// ').replace(/ +$/gm, '');
    await bundle.write({ file: join(root, file), format: 'esm', codeSplitting: false, footer });
  } finally {
    await bundle.close();
  }
}

/** Names modules of Node as such, where a package leaves `node:` out. */
const nodeModules = {
  name: 'node-modules',
  resolveId: (id) =>
    builtinModules.includes(id)
      ? { id: `node:${id}`, external: true, moduleSideEffects: false }
      : undefined,
};

/** The form of yaml for browsers needs no module of Node; the other takes two of them. */
const yamlAlone = {
  name: 'yaml-alone',
  resolveId: (id) => (id === 'yaml' ? join(root, 'node_modules/yaml/browser/index.js') : undefined),
};

/**
 * What `src/timing/read-cron.ts` takes of node-cron: its parser and its matcher. Its own entry makes
 * timers too, which start processes, and an auditor should not have to wonder why. The build fails
 * if node-cron has them no more where they are now.
 */
const cronWithoutTimers = {
  name: 'cron-without-timers',
  resolveId: (id) => (id === 'node-cron' ? 'cron-without-timers' : undefined),
  load: (id) => (id === 'cron-without-timers' ? cronMatcher : undefined),
  transform(code, id) {
    if (!id.startsWith(cronFiles)) return undefined;
    const whole = id.endsWith('_shared.js') ? `${code}\nexport { TimeMatcher };\n` : code;
    // Where the file is matters to its processes only.
    const ofPath = /\b(?:resolve|dirname|fileURLToPath)\((?=dirname|fileURLToPath|import\.meta)/g;
    return { code: whole.replace(ofPath, '/* @__PURE__ */ $&'), moduleSideEffects: false };
  },
};
const cronFiles = join(root, 'node_modules/node-cron/dist/');
const cronMatcher = `
  export { parse } from ${JSON.stringify(`${cronFiles}node-cron.js`)};
  import { TimeMatcher } from ${JSON.stringify(`${cronFiles}_shared.js`)};
  export function createTask(cron, _run, { timezone }) {
    const matcher = new TimeMatcher(cron, timezone);
    return { match: (date) => matcher.match(date), destroy: () => undefined };
  }`;

/** Changes with the code, and with the packages that it imports. `build-id.ts` reads it. */
async function identify(output) {
  const hash = createHash('sha256').update(await readFile(join(root, 'package-lock.json')));
  const chunks = output.filter(({ type }) => type === 'chunk');
  for (const { fileName, code } of chunks.sort((a, b) => (a.fileName < b.fileName ? -1 : 1)))
    hash.update(`${fileName}\n${code}\n`);
  return hash.digest('hex').slice(0, 16);
}

const names = { entryFileNames: '[name].js', chunkFileNames: '[name].js' };

function isExternal(id) {
  if (id.startsWith('.') || id.startsWith('/')) return false;
  return !bundled.some((name) => id === name || id.startsWith(`${name}/`));
}
