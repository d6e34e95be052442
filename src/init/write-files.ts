import { lstat, mkdir, open, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PlannedFile } from './plan-files.ts';

/** Those of the names that exist in the folder already, as a file or anything else. */
export async function findExisting(folder: string, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map((name) =>
      lstat(join(folder, name)).then(
        () => [name],
        () => [],
      ),
    ),
  );
  return found.flat();
}

/** Whether the path, or one above it, is something else than a folder. */
export function isObstructed(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => !found.isDirectory(),
    ({ code }: NodeJS.ErrnoException) => code === 'ENOTDIR',
  );
}

/** A file could not be written; none was left behind. */
export interface WriteFailure {
  readonly name: string;
  /** The system's, such as EACCES. */
  readonly code: string;
}

/** Writes all of the files or none, and never over another; makes the folder if it is missing. */
export async function writeFiles(
  folder: string,
  files: readonly PlannedFile[],
): Promise<WriteFailure | undefined> {
  const written: string[] = [];
  let name = '.';
  let made: string | undefined;
  try {
    made = await makeFolder(folder);
    for (const file of files) {
      name = file.name;
      await writeOne(join(folder, name), file, written);
    }
    return undefined;
  } catch (error) {
    await Promise.all(written.map((path) => rm(path)));
    if (made !== undefined) await removeEmpty(folder, made);
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { name, code };
  }
}

/**
 * Makes a folder and those above it, and returns the first that was missing. Node's recursive mkdir
 * never ends if a parent exists and answers ENOENT, as /proc does.
 */
async function makeFolder(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await isFolder(folder))) return undefined;
    if (code !== 'ENOENT' || (await isFolder(dirname(folder)))) throw error;
  }
  const first = await makeFolder(dirname(folder));
  await mkdir(folder);
  return first ?? folder;
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function writeOne(path: string, { text, secret }: PlannedFile, written: string[]) {
  const handle = await open(path, 'wx', secret === true ? 0o600 : 0o666);
  written.push(path);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes a folder and those above it, up to the first that was made, if they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let at = folder; at.length >= first.length; at = dirname(at)) {
    await rmdir(at).catch(() => undefined);
  }
}
