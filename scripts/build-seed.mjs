// Makes dist/seed/embedded.tar.gz: an empty database with every migration applied. A first start
// unpacks it in a fraction of the time that PGlite needs to make a database. It is made again only
// when something that goes into it has changed.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url);
const seed = new URL('dist/seed/embedded.tar.gz', root);
const stamp = new URL('dist/seed/made-of', root);

// Databases to copy others from: nobody makes another, and of all files to unpack they are half.
const dropTemplates = [
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
];

const wanted = await fingerprint();
if ((await readFile(stamp, 'utf8').catch(() => '')) !== wanted) {
  await mkdir(new URL('.', seed), { recursive: true });
  await rm(seed, { force: true });
  await writeFile(seed, await makeSeed());
  await writeFile(stamp, wanted);
}

async function makeSeed() {
  const { openEmbeddedDatabase } = await import('../dist/src/record/store/database.js');
  const { openEmbedded } = await import('../dist/src/record/store/embedded/open-embedded.js');
  const { migrate } = await import('../dist/src/record/store/migrate.js');
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-seed-'));
  try {
    const database = await openEmbeddedDatabase(folder);
    await migrate(database, true);
    await database.close();
    const pglite = await openEmbedded(folder);
    for (const statement of dropTemplates) await pglite.exec(statement);
    const archive = await pglite.dumpDataDir('gzip');
    await pglite.close();
    return Buffer.from(await archive.arrayBuffer());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fingerprint() {
  const hash = createHash('sha256').update(await readFile(new URL(import.meta.url)));
  for (const name of ['@electric-sql/pglite', 'bullmq']) {
    const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8'));
    hash.update(`${name}@${lock.packages[`node_modules/${name}`].version}\n`);
  }
  const folder = new URL('dist/src/record/store/migrations/', root);
  for (const file of (await readdir(folder)).sort())
    hash.update(await readFile(new URL(file, folder)));
  return hash.digest('hex');
}
