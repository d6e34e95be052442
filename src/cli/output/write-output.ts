import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';
import { cannotWrite } from './cannot-write.ts';
import { findWritable, type Target } from './find-target.ts';
import { openPipe } from './open-pipe.ts';
import { appendTo, replaceFile } from './write-file.ts';
import { writeStream } from './write-stream.ts';

type Pieces = AsyncIterable<string>;

/**
 * Writes data as it is made: to stdout, or to what `--output` names. A plain file appears only when
 * it is whole; a pipe or a device is written to and stays what it is. A reader of stdout that leaves
 * early (`| head`) ends the writing without an error. Throws one line for any other failure.
 */
export async function writeOutput(
  terminal: Terminal,
  pieces: Pieces,
  output: string | undefined,
): Promise<void> {
  if (output === undefined) return writeStandard(terminal, 'stdout', pieces);
  const file = pathOf(terminal, output);
  const target = await findWritable(file).catch(cannotWrite(file));
  if (target.kind === 'stdout' || target.kind === 'stderr') {
    return writeStandard(terminal, target.kind, pieces);
  }
  await writeTarget(terminal, target, pieces, cannotWrite(file));
}

/** Throws one line where `output` cannot be written to: nobody should wait for a sweep to see it. */
export async function checkOutput(terminal: Terminal, output: string): Promise<void> {
  const file = pathOf(terminal, output);
  await findWritable(file).catch(cannotWrite(file));
}

/** Writes a whole text to stdout. */
export function writeText(terminal: Terminal, text: string): Promise<void> {
  const pieces = async function* () {
    yield text;
  };
  return writeStandard(terminal, 'stdout', pieces());
}

/** As `resolve`, which would drop the slash that says that a folder is meant. */
function pathOf({ cwd }: Terminal, output: string): string {
  return output.startsWith('/') ? output : join(cwd, output);
}

async function writeStandard(terminal: Terminal, name: 'stdout' | 'stderr', pieces: Pieces) {
  const { code } = await writeStream(terminal[name], pieces);
  if (code !== undefined && code !== 'EPIPE') cannotWrite(name)({ code });
}

async function writeTarget(
  { signal }: Terminal,
  target: Extract<Target, { path: string }>,
  pieces: Pieces,
  onFailure: (error: unknown) => never,
): Promise<void> {
  if (target.kind === 'file') return replaceFile(target, pieces, onFailure);
  if (target.kind === 'open') return appendTo(target.path, pieces, onFailure);
  const pipe = await openPipe(target, signal).catch(onFailure);
  // `writeStream` returns the first failure; nobody else waits for one.
  pipe.on('error', () => undefined);
  const closed = new Promise((ended) => pipe.once('close', ended));
  try {
    const { code } = await writeStream(pipe, pieces);
    if (code !== undefined) onFailure({ code });
  } finally {
    pipe.end();
    await closed;
  }
}
