import { constants } from 'node:fs';
import { access, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StoreUnusable } from '../errors.ts';

/** The version of PostgreSQL that PGlite is made of. It reads the files of no other one. */
export const postgresMajor = '18';

const folders = ['global', 'base', 'pg_wal', 'pg_xact', 'pg_multixact'];
const controlFile = join('global', 'pg_control');
const files = ['PG_VERSION', controlFile, join('global', 'pg_filenode.map')];
const controlBytes = 8_192;

const restore = 'restore a backup, or set store.url to another folder';

/**
 * Checks what PGlite would meet with silence or an abort: it makes a new database over one without
 * `PG_VERSION`. Rejects with `StoreUnusable`, or with the system's error of a file.
 */
export async function checkDatabase(folder: string, dataDir: string): Promise<void> {
  // A missing entry and a missing right are different troubles, so the entries are looked at first.
  const names = await readdir(dataDir);
  if (!names.includes('PG_VERSION')) throw damaged(folder, 'PG_VERSION is missing');
  for (const name of [...folders, ...files]) await checkEntry(folder, dataDir, name);
  const version = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (version !== postgresMajor) throw new StoreUnusable(folder, describeVersion(version));
  const { size } = await stat(join(dataDir, controlFile));
  if (size !== controlBytes) {
    throw damaged(folder, `${controlFile} has ${size} bytes instead of ${controlBytes}`);
  }
  const logs = await readdir(join(dataDir, 'pg_wal'));
  if (!logs.some((name) => /^[0-9A-F]{24}$/.test(name))) {
    throw damaged(folder, 'pg_wal has no log file');
  }
}

/** The words for a database that PGlite refuses to open, and no check knows why. */
export async function explainRefusedOpening(folder: string, dataDir: string): Promise<Error> {
  await assertAccess(dataDir);
  return damaged(folder, 'PostgreSQL cannot open its files');
}

function damaged(folder: string, what: string): StoreUnusable {
  return new StoreUnusable(folder, `is damaged: ${what} in ${join(folder, 'db')}; ${restore}`);
}

function describeVersion(version: string): string {
  return /^\d+$/.test(version)
    ? `was written by PostgreSQL ${version}, and this version of keysweep reads ${postgresMajor}; use the version of keysweep that wrote it, ${restore}`
    : `is damaged: its PG_VERSION names no version; ${restore}`;
}

async function checkEntry(folder: string, dataDir: string, name: string): Promise<void> {
  const path = join(dataDir, name);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? damaged(folder, `${name} is missing`) : error;
  });
  if (found.isDirectory() !== folders.includes(name)) {
    throw damaged(folder, `${name} is ${found.isDirectory() ? 'a folder' : 'no folder'}`);
  }
  await access(path, constants.R_OK | constants.W_OK);
}

/** Rejects with the system's error of the first file below `path` that cannot be used. */
async function assertAccess(path: string): Promise<void> {
  await access(path, constants.R_OK | constants.W_OK);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) await assertAccess(inside);
    else if (entry.isFile()) await access(inside, constants.R_OK | constants.W_OK);
  }
}
