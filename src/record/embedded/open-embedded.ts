import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { packageRoot } from '../../package-root.ts';
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

/** `pg` hands out 64-bit integers as text; PGlite would hand out numbers and bigints. */
const parsers = { 20: (value: string) => value };

/** Opens the database in `folder`, from the seed archive where there is none yet. */
export async function openEmbedded(folder: string): Promise<PGlite> {
  const dataDir = join(folder, 'db');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(dataDir)) await unpackSeed(folder, dataDir);
  return PGlite.create({ dataDir, parsers, startParams });
}

/** A whole folder or none: it is unpacked beside its place and renamed into it. */
async function unpackSeed(folder: string, dataDir: string): Promise<void> {
  const seed = await readFile(seedFile()).catch(() => undefined);
  // Without a seed (a source tree that was not built) PGlite makes the database itself, slowly.
  if (seed === undefined) return;
  const unpacking = await mkdtemp(join(folder, 'unpacking-'));
  try {
    await untar(await promisify(gunzip)(seed), unpacking);
    await rename(unpacking, dataDir);
  } finally {
    await rm(unpacking, { recursive: true, force: true });
  }
}

/** Where the build puts the archive of an empty, migrated database. */
function seedFile(): string {
  return join(packageRoot(), 'dist', 'seed', 'embedded.tar.gz');
}
