import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const block = 512;

/**
 * Unpacks a plain (ustar) archive of files and folders below `folder`. It reads only our own seed,
 * so it supports no links, long names or sparse files. It refuses unsupported entries and truncated
 * archives. Nothing else runs while a first start waits for it, and hundreds of small files are
 * written in half the time when each step is not handed to another thread.
 */
export function untar(archive: Buffer, folder: string): void {
  const made = new Set<string>();
  for (let at = 0; at + block <= archive.length; ) {
    const entry = readHeader(archive.subarray(at, at + block));
    if (entry === undefined) return;
    const start = at + block;
    if (start + entry.size > archive.length) break;
    writeEntry(entry, archive.subarray(start, start + entry.size), folder, made);
    at = start + Math.ceil(entry.size / block) * block;
  }
  throw new Error('the seed archive is cut off');
}

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly type: 'file' | 'folder';
}

/** The entry that a header block names, or undefined for the empty block at the end. */
function readHeader(header: Buffer): Entry | undefined {
  const text = (from: number, length: number) =>
    header.toString('utf8', from, from + length).replace(/\0.*$/s, '');
  if (header.every((byte) => byte === 0)) return undefined;
  const prefix = text(345, 155);
  const path = normalize(prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`);
  const type = text(156, 1);
  // PGlite writes `/PG_VERSION`; joined to the folder that stays inside, as `/..` is normalized away.
  if (path.startsWith('..')) throw new Error(`the seed archive leaves its folder: ${path}`);
  if (type === '5') return { path, size: 0, type: 'folder' };
  const size = text(124, 12).trim();
  if ((type === '0' || type === '') && /^[0-7]+$/.test(size)) {
    return { path, size: Number.parseInt(size, 8), type: 'file' };
  }
  throw new Error(
    `the seed archive holds an entry of unknown kind (${type}, ${size} bytes): ${path}`,
  );
}

function writeEntry(entry: Entry, body: Buffer, folder: string, made: Set<string>): void {
  const target = join(folder, entry.path);
  const parent = entry.type === 'folder' ? target : dirname(target);
  if (!made.has(parent)) {
    // PostgreSQL refuses a data folder that others may read.
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    made.add(parent);
  }
  if (entry.type === 'file') writeFileSync(target, body, { mode: 0o600 });
}
