import { mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { packageRoot } from '../../../config/package-root.ts';
import { checkDatabase, explainRefusedOpening } from './check-database.ts';
import { databaseFolder, hasDatabase } from './database-folder.ts';
import { assertRoom } from './free-room.ts';
import { makeFolder } from './make-folder.ts';
import { nameFolderFailure } from './name-folder-failure.ts';
import { untar } from './untar.ts';

/**
 * PGlite's own list with two changes. BullMQ's schema leads `search_path`, because its statements
 * are unqualified. The buffers are small, which saves 128 MB and is as fast at our sizes.
 */
const startParams = [
  ...PGlite.defaultStartParams.map((param) =>
    param === 'search_path=public' ? 'search_path=bullmq,public' : param,
  ),
  ...['-c', 'shared_buffers=8MB', '-c', 'jit=off'],
];

/**
 * V8 compiles PGlite anew while it runs, in four threads: on two processors they take the time of the
 * start, and what they needed stays allocated. One thread does the same a little later. Each function
 * is checked when it is first called, instead of all at the start.
 */
const compileSparingly = ['--wasm-num-compilation-tasks=1', '--wasm-lazy-validation'];

/**
 * Converts values as `pg` does: 64-bit integers become text (PGlite returns numbers and bigints),
 * and the years 1 to 99 stay as they are (PGlite moves them to this century or the last one).
 */
const parsers = {
  20: (value: string) => value,
  [pg.types.builtins.TIMESTAMPTZ]: pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ),
};

/**
 * Opens the database in `folder`; a new one is made from the seed archive. The caller holds the
 * folder. Rejects with `StoreUnusable` if the folder, the disk or the database's files forbid it.
 */
export function openEmbedded(folder: string): Promise<PGlite> {
  const dataDir = databaseFolder(folder);
  return nameFolderFailure(folder, async () => {
    await makeFolder(folder);
    const isNew = !hasDatabase(folder);
    assertRoom(folder, isNew);
    if (isNew) await makeDatabase(folder, dataDir);
    await checkDatabase(folder, dataDir);
    for (const flag of compileSparingly) setFlagsFromString(flag);
    return PGlite.create({ dataDir, parsers, startParams }).catch(async () => {
      // Its error names neither the file nor the cause.
      throw await explainRefusedOpening(folder, dataDir);
    });
  });
}

const unpackingPrefix = 'unpacking-';

/** Creates the folder in full or not at all: builds it under another name, then renames it. */
async function makeDatabase(folder: string, dataDir: string): Promise<void> {
  await removeHalfMade(folder);
  const unpacking = await mkdtemp(join(folder, unpackingPrefix));
  try {
    const seed = await readFile(seedFile()).catch(() => undefined);
    if (seed !== undefined) untar(await promisify(gunzip)(seed), unpacking);
    // A source tree that was not built has no seed: PGlite makes the database itself, slowly.
    else await (await PGlite.create({ dataDir: unpacking, startParams })).close();
    await rename(unpacking, dataDir);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}

/** Removes the leftovers of a process that was killed while it created a database. */
async function removeHalfMade(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((one) => one.startsWith(unpackingPrefix))) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Where the build puts the archive of an empty, migrated database. */
function seedFile(): string {
  return join(packageRoot(), 'dist', 'seed', 'embedded.tar.gz');
}
