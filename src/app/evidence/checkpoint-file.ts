import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SigningRefused } from './signing-refused.ts';

/** The note in the file of the last checkpoint; undefined where there is no file. */
export async function readCheckpointFile(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new SigningRefused(`the last checkpoint cannot be read from ${file} (${code})`);
  }
}

/** Replaces the file, whole or not at all, and on the disk before it returns. */
export async function writeCheckpointFile(file: string, note: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(note);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(dirname(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SigningRefused(
      `the checkpoint cannot be written to ${file} (${code}); name another evidence.stateFile`,
    );
  } finally {
    await rm(draft, { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
