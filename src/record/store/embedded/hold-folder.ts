import { randomUUID } from 'node:crypto';
import { chmod, link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** The process that has an embedded store open, and the socket that it answers on. */
export interface Holder {
  readonly pid: number;
  readonly socket: string;
}

export type Hold =
  | { readonly kind: 'held'; release(): Promise<void> }
  | { readonly kind: 'taken'; readonly holder: Holder };

/** The longest socket path that works everywhere: 107 bytes on Linux, 103 on macOS. */
const longestSocketPath = 103;

/**
 * Makes this process the only holder of the folder: two at once would corrupt the database.
 * `server` listens on a Unix socket that only this user may open, until `release` closes it. A
 * holder is alive exactly while its socket accepts connections, whatever pids or clocks say.
 * Holders are numbered. The successor of a dead holder takes the next number, through a link that
 * only one process can create. The highest number is never removed, so a process that was suspended
 * in between cannot take or remove a newer holder's number.
 */
export async function holdFolder(folder: string, server: Server): Promise<Hold> {
  await makeFolder(folder);
  const socket = socketPath(folder);
  await listen(server, socket);
  const own = join(folder, `claim-${randomUUID()}`);
  try {
    await writeFile(own, JSON.stringify({ pid: process.pid, socket }), { mode: 0o600 });
    const holder = await take(own, folder);
    if (holder === undefined) return { kind: 'held', release: () => stopListening(server, socket) };
    await stopListening(server, socket);
    return { kind: 'taken', holder };
  } catch (error) {
    await stopListening(server, socket);
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/**
 * Takes the number after a dead holder's; returns undefined if this process now holds the folder.
 */
async function take(own: string, folder: string): Promise<Holder | undefined> {
  for (;;) {
    const newest = (await holderNumbers(folder)).at(-1) ?? 0;
    const holder = await readHolder(folder, newest);
    if (holder !== undefined && (await isAlive(holder.socket))) return holder;
    if (!(await tryLink(own, holderFile(folder, newest + 1)))) continue;
    const numbers = await holderNumbers(folder);
    // After a long suspension, the number taken may be one that was used and removed meanwhile.
    if (numbers.at(-1) !== newest + 1) continue;
    await removeDead(folder, numbers.slice(0, -1), holder);
    return undefined;
  }
}

async function removeDead(folder: string, numbers: readonly number[], last: Holder | undefined) {
  if (last !== undefined) await rm(last.socket, { force: true });
  for (const number of numbers) await rm(holderFile(folder, number), { force: true });
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

/** The numbers of the holders that the folder knows, lowest first. */
async function holderNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => /^holder-(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

async function readHolder(folder: string, number: number): Promise<Holder | undefined> {
  const text = await readFile(holderFile(folder, number), 'utf8').catch(ifAbsent);
  if (text === undefined) return undefined;
  try {
    const { pid, socket } = JSON.parse(text) as Partial<Holder>;
    return typeof socket === 'string' && socket !== '' ? { pid: Number(pid), socket } : undefined;
  } catch {
    return undefined;
  }
}

/** Only a missing file means that the folder has no holder. */
function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * The error codes that mean that no process listens. Other errors, such as a full backlog, mean
 * that one does.
 */
const deadCodes: ReadonlySet<string | undefined> = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

function isAlive(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = connect({ path: socket });
    const end = (alive: boolean) => {
      client.destroy();
      resolve(alive);
    };
    client.once('connect', () => end(true));
    client.once('error', ({ code }: NodeJS.ErrnoException) => end(!deadCodes.has(code)));
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

/** Stops accepting connections at once, which frees the folder. */
async function stopListening(server: Server, socket: string): Promise<void> {
  server.close();
  await rm(socket, { force: true });
}

function holderFile(folder: string, number: number): string {
  return join(folder, `holder-${number}.json`);
}

/**
 * The socket is in the store's folder, or in the system's temporary one if the path is too long.
 */
function socketPath(folder: string): string {
  const name = `keysweep-${randomUUID().slice(0, 8)}.sock`;
  const inside = join(folder, name);
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : join(tmpdir(), name);
}
