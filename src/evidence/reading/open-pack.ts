import { stat } from 'node:fs/promises';
import { type OpenPack, readArchive } from './read-archive.ts';
import { readFolder } from './read-folder.ts';

/** Opens a pack that is a folder or a `.tar.gz`. Close it after use. */
export async function openPack(path: string): Promise<OpenPack> {
  if (!(await stat(path)).isDirectory()) return readArchive(path);
  return { ...(await readFolder(path)), close: async () => undefined };
}
