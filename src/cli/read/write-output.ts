import { once } from 'node:events';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandFailed, type Terminal } from '../terminal.ts';

/**
 * Writes data as it is made: to stdout, or to a file that appears only when it is whole. A reader
 * that leaves early (`| head`) ends the writing without an error; a full disk is an error.
 */
export async function writeOutput(
  terminal: Terminal,
  pieces: AsyncIterable<string>,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) await writeStream(terminal.stdout, pieces);
  else await writeFileWhole(resolve(terminal.cwd, file), pieces);
}

/** Writes a whole text to stdout. */
export function writeText(terminal: Terminal, text: string): Promise<void> {
  const pieces = async function* () {
    yield text;
  };
  return writeStream(terminal.stdout, pieces());
}

async function writeStream(stream: NodeJS.WritableStream, pieces: AsyncIterable<string>) {
  let gone = false;
  let failed: NodeJS.ErrnoException | undefined;
  const leave = (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== 'EPIPE') failed = error;
  };
  stream.once('error', leave);
  for await (const piece of pieces) {
    if (gone || !stream.writable) break;
    if (!stream.write(piece))
      await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(leave);
  }
  // An error of the last piece is known once this empty one is written.
  await new Promise<void>((flushed) => stream.write('', () => flushed()));
  if (failed !== undefined) throw new CommandFailed(`stdout: cannot be written (${failed.code})`);
}

async function writeFileWhole(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const unfinished = `${file}.${process.pid}.part`;
  try {
    const handle = await open(unfinished, 'w', 0o600);
    try {
      for await (const piece of pieces) await handle.write(piece);
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CommandFailed(`${file}: cannot be written (${code})`);
  }
}
