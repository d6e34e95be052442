import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { packageRoot } from '../../../config/package-root.ts';
import { untar } from './untar.ts';

/**
 * PGlite's own list with `search_path` led by BullMQ's schema (its backend's statements are not
 * qualified; ours are) and with small buffers: 128 MB less memory, and no slower at our sizes.
 */
const startParams = [
  ...PGlite.defaultStartParams.map((param) =>
    param === 'search_path=public' ? 'search_path=bullmq,public' : param,
  ),
  ...['-c', 'shared_buffers=8MB', '-c', 'jit=off'],
];

/**
 * As `pg` hands values out: 64-bit integers as text, which PGlite would hand out as numbers and
 * bigints, and instants of the years 1 to 99, which PGlite would put into the last century or this.
 */
const parsers = {
  20: (value: string) => value,
  [pg.types.builtins.TIMESTAMPTZ]: pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ),
};

/**
 * Opens the database in `folder`, from the seed archive where there is none yet. Whoever calls holds
 * the folder.
 */
export async function openEmbedded(folder: string): Promise<PGlite> {
  const dataDir = join(folder, 'db');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(dataDir)) await makeDatabase(folder, dataDir);
  return PGlite.create({ dataDir, parsers, startParams });
}

const unpackingPrefix = 'unpacking-';

/** A whole folder or none: it is made beside its place and renamed into it. */
async function makeDatabase(folder: string, dataDir: string): Promise<void> {
  await removeHalfMade(folder);
  const unpacking = await mkdtemp(join(folder, unpackingPrefix));
  try {
    const seed = await readFile(seedFile()).catch(() => undefined);
    if (seed !== undefined) await untar(await promisify(gunzip)(seed), unpacking);
    // A source tree that was not built has no seed: PGlite makes the database itself, slowly.
    else await (await PGlite.create({ dataDir: unpacking, startParams })).close();
    await rename(unpacking, dataDir);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}

/** What a process left behind that was killed while it made a database. */
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
