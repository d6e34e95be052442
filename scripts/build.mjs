// Makes dist: the bundled program, the licences of what is bundled with it, and dist/seed, an empty
// database with every migration applied. A first start of the embedded store unpacks the seed in a
// fraction of the time that PGlite needs to make a database. npm run build
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, bundled, bundleVerifier, root } from './bundle.mjs';

const path = (...names) => join(root, ...names);
const seed = path('dist', 'seed', 'embedded.tar.gz');
// Not in dist, which is what the package holds.
const stamp = path('build', 'seed.sha256');

await clean();
await bundle(['src/main.ts'], 'dist/src');
await bundleVerifier(
  'dist/src/verify.mjs',
  await licences(['csv-stringify', 'hono', 'node-cron', 'yaml', 'zod']),
);
await chmod(path('dist', 'src', 'main.js'), 0o755);
await writeFile(path('dist', 'licences-of-bundled-packages.txt'), await licences(bundled));
await buildSeed();

/** Keeps the seed, which takes seconds to make. */
async function clean() {
  const names = await readdir(path('dist')).catch(() => []);
  const old = names.filter((name) => name !== 'seed');
  await Promise.all(old.map((name) => rm(path('dist', name), { recursive: true })));
}

async function licences(names) {
  const texts = names.map(async (name) => {
    const folder = path('node_modules', name);
    const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name}\n\n${await readFile(join(folder, file), 'utf8')}`;
  });
  return (await Promise.all(texts)).join('\n\n');
}

/** Makes the seed only if one of its inputs has changed. */
async function buildSeed() {
  const wanted = await fingerprint();
  const made = await readFile(stamp, 'utf8').catch(() => undefined);
  if (made === wanted && (await readFile(seed).catch(() => undefined)) !== undefined) return;

  await bundle(['scripts/make-seed.ts'], 'build/seed');
  const { makeSeed } = await import(path('build', 'seed', 'make-seed.js'));
  // A store that is opened without one starts from the old seed, whose migrations may differ.
  await rm(seed, { force: true });
  await mkdir(path('dist', 'seed'), { recursive: true });
  await rm(stamp, { force: true });
  await writeFile(seed, await makeSeed());
  await writeFile(stamp, wanted);
}

async function fingerprint() {
  const hash = createHash('sha256').update(await readFile(path('scripts', 'make-seed.ts')));
  const { packages } = JSON.parse(await readFile(path('package-lock.json'), 'utf8'));
  for (const name of ['@electric-sql/pglite', 'bullmq'])
    hash.update(`${name}@${packages[`node_modules/${name}`].version}\n`);
  const folder = path('src', 'record', 'store', 'migrations');
  for (const file of (await readdir(folder)).sort())
    hash.update(await readFile(join(folder, file)));
  return hash.digest('hex');
}
