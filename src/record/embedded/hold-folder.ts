import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** The process that has an embedded store open, and the socket that it answers on. */
export interface Holder {
  readonly pid: number;
  readonly socket: string;
}

export type Hold =
  | { readonly kind: 'held'; release(): Promise<void> }
  | { readonly kind: 'taken'; readonly holder: Holder };

/** The kernel takes no longer path for a socket (107 bytes on Linux, 103 on macOS). */
const longestSocketPath = 103;

/**
 * Makes this process the one that holds the folder: two at once would ruin the database in it.
 * `server` listens on a Unix socket that only this user may open. A holder is alive exactly while
 * its socket takes connections, whatever pids or clocks say; one that was killed is replaced.
 */
export async function holdFolder(folder: string, server: Server): Promise<Hold> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socket = socketPath(folder);
  await listen(server, socket);
  const own = join(folder, `holder-${process.pid}-${randomUUID()}`);
  await writeFile(own, JSON.stringify({ pid: process.pid, socket }), { mode: 0o600 });
  try {
    const holder = await take(own, folder);
    if (holder === undefined) return { kind: 'held', release: () => giveUp(folder, socket) };
    server.close();
    return { kind: 'taken', holder };
  } finally {
    await rm(own, { force: true });
  }
}

/** Who holds the folder, if anybody alive does. */
export async function findHolder(folder: string): Promise<Holder | undefined> {
  const holder = await readHolder(folder);
  return holder !== undefined && (await answers(holder.socket)) ? holder : undefined;
}

/** Links our file to the holder's name, which only one process can; undefined when it is us. */
async function take(own: string, folder: string): Promise<Holder | undefined> {
  for (;;) {
    if (await tryLink(own, holderFile(folder))) return undefined;
    const holder = await findHolder(folder);
    if (holder !== undefined) return holder;
    await removeDead(folder);
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** One process at a time looks again whether the holder is dead, and only then removes it. */
async function removeDead(folder: string): Promise<void> {
  const turn = join(folder, 'holder.turn');
  const ours = await mkdir(turn).then(
    () => true,
    () => false,
  );
  if (!ours) {
    await breakOldTurn(turn);
    await wait(50);
    return;
  }
  try {
    const holder = await readHolder(folder);
    if (holder !== undefined && (await answers(holder.socket))) return;
    await rm(holderFile(folder), { force: true });
    if (holder !== undefined) await rm(holder.socket, { force: true });
  } finally {
    await rmdir(turn);
  }
}

/** A turn takes milliseconds; one this old was left by a process that was killed in it. */
async function breakOldTurn(turn: string): Promise<void> {
  const made = await stat(turn).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > 10_000) {
    await rmdir(turn).catch(() => undefined);
  }
}

async function readHolder(folder: string): Promise<Holder | undefined> {
  const text = await readFile(holderFile(folder), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { pid, socket } = JSON.parse(text) as Partial<Holder>;
    return { pid: Number(pid), socket: String(socket) };
  } catch {
    return { pid: 0, socket: '' };
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect(socket);
    const end = (alive: boolean) => {
      client.destroy();
      resolve(alive);
    };
    client.once('connect', () => end(true));
    client.once('error', () => end(false));
  });
}

function listen(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      server.off('error', reject);
      chmod(socket, 0o600).then(resolve, reject);
    });
  });
}

async function giveUp(folder: string, socket: string): Promise<void> {
  await unlink(holderFile(folder)).catch(() => undefined);
  await rm(socket, { force: true });
}

function holderFile(folder: string): string {
  return join(folder, 'holder.json');
}

/** In the store's folder; where that path is too long for a socket, in the system's for such. */
function socketPath(folder: string): string {
  const name = `keysweep-${randomUUID().slice(0, 8)}.sock`;
  const inside = join(folder, name);
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), name);
}
