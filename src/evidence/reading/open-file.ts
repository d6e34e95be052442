import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';

/** What stands where a file was named: reading it could wait for ever, or never end. */
export class NotAFile extends Error {
  override readonly name = 'NotAFile';
  readonly code = 'KEYSWEEP_NOT_A_FILE';
  readonly retryable = false;
}

/** Opens a file to read it, and waits for nobody. Throws `NotAFile` for a pipe or a device. */
export async function openFile(path: string): Promise<FileHandle> {
  // To open a device may already do something.
  assertFile(await stat(path));
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    assertFile(await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function assertFile(stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new NotAFile('it is a folder');
  if (stats.isFIFO()) throw new NotAFile('it is a pipe; save what comes through it to a file');
  throw new NotAFile('it is a device or a socket');
}

/** The bytes of an open file from its start, up to the size that it has now. */
export async function readWhole(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
