import { constants, type FileHandle, open, rename, rm } from 'node:fs/promises';

type Pieces = AsyncIterable<string | Uint8Array>;
type OnFailure = (error: unknown) => never;

/** Writes a file that appears only when it is whole; its permissions are those of the old one. */
export async function replaceFile(
  { path, mode }: { readonly path: string; readonly mode: number | undefined },
  pieces: Pieces,
  onFailure: OnFailure,
): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  const handle = await open(unfinished, 'w', 0o600).catch(onFailure);
  try {
    await writeWhole(handle, pieces, onFailure);
    if (mode !== undefined) await handle.chmod(mode).catch(onFailure);
    await handle.sync().catch(onFailure);
    await handle.close().catch(onFailure);
    await rename(unfinished, path).catch(onFailure);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Writes to what is there, at its end, and neither makes nor empties it. */
export async function appendTo(path: string, pieces: Pieces, onFailure: OnFailure): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | constants.O_APPEND).catch(onFailure);
  try {
    await writeWhole(handle, pieces, onFailure);
  } finally {
    await handle.close().catch(onFailure);
  }
}

/** `writeFile` of a handle goes on after a partial write, and writes where the last one ended. */
async function writeWhole(handle: FileHandle, pieces: Pieces, onFailure: OnFailure): Promise<void> {
  for await (const piece of pieces) await handle.writeFile(piece).catch(onFailure);
}
