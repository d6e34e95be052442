import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';

/** Writes the files of a pack to a folder that appears only when it is whole. */
export async function writePackFolder(
  path: string,
  files: AsyncIterable<PackFile>,
  onFailure: (error: unknown) => never,
): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  await mkdir(unfinished).catch(onFailure);
  try {
    for await (const file of files) {
      const place = join(unfinished, file.path);
      await mkdir(dirname(place), { recursive: true }).catch(onFailure);
      await writeFile(place, file.bytes, { mode: 0o644 }).catch(onFailure);
    }
    await rename(unfinished, path).catch(onFailure);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}
