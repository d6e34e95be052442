import { constants, open } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CommandFailed } from '../terminal.ts';

const openFile = promisify(open);
const againMs = 50;

/**
 * Opens a pipe for writing. For a named one it waits until somebody reads it: to open it otherwise
 * would block a thread of Node, and then not even `process.exit` ends the process.
 */
export async function openPipe(
  { path, named }: { readonly path: string; readonly named: boolean },
  signal: AbortSignal,
): Promise<Socket> {
  for (;;) {
    const opened = await tryToOpen(path);
    if (opened !== undefined) return opened;
    if (!named) throw Object.assign(new Error('no reader'), { code: 'EPIPE' });
    await wait(againMs, undefined, { signal }).catch(() => {
      throw new CommandFailed(`${path}: stopped before anybody read this pipe`);
    });
  }
}

/** Undefined while nobody reads the pipe. */
async function tryToOpen(path: string): Promise<Socket | undefined> {
  try {
    const fd = await openFile(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: false, writable: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') return undefined;
    throw error;
  }
}
