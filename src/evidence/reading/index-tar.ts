import type { FileHandle } from 'node:fs/promises';
import { comparePaths } from '../pack-files/pack-paths.ts';
import { type PackFault, PackUnreadable } from '../pack-files/pack-reader.ts';
import { tarBlock, tarEnd, tarHeader } from '../pack-files/tar.ts';
import { mostFileBytes, mostFiles, oversized } from './limits.ts';

/** Where a file stands in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly start: number;
  readonly size: number;
}

export interface TarIndex {
  readonly entries: readonly TarEntry[];
  readonly faults: readonly PackFault[];
}

/**
 * Finds the files of an archive in the one form that an export writes. What only a hostile archive
 * holds is a fault. Throws `PackUnreadable` for another form, because the same pack would then have
 * many, and for an archive that was cut off.
 */
export async function indexTar(tar: FileHandle): Promise<TarIndex> {
  const { size: whole } = await tar.stat();
  const entries = new Map<string, TarEntry>();
  const faults: PackFault[] = [];
  let at = 0;
  let last = '';
  for (;;) {
    const header = await readBlock(tar, at, whole);
    if (isZero(header)) break;
    const found = readHeader(header);
    const { path, size } = found;
    const fault = faultOf(found, entries);
    if (fault !== undefined) faults.push(fault);
    else {
      assertOurs(header, found, last);
      entries.set(path, { path, start: at + tarBlock, size });
      last = path;
    }
    await checkPadding(tar, at + tarBlock + size, whole);
    at += tarBlock + Math.ceil(size / tarBlock) * tarBlock;
    if (entries.size + faults.length > mostFiles) throw otherForm('the number of its files');
  }
  await checkEnd(tar, at, whole);
  return { entries: [...entries.values()], faults };
}

/** The one header that this file can have, after the file before it. */
function assertOurs(header: Buffer, { path, size }: TarHeader, last: string): void {
  const isOurs = Buffer.byteLength(path) <= 100 && header.equals(tarHeader(path, size));
  if (!isOurs || comparePaths(last, path) >= 0) throw otherForm(path);
}

async function checkEnd(tar: FileHandle, at: number, whole: number): Promise<void> {
  const end = at + tarEnd.length;
  if (whole < end) throw cutOff();
  if (whole > end || !isZero(await readBlock(tar, at + tarBlock, whole)))
    throw otherForm('its end');
}

export function otherForm(what: string): PackUnreadable {
  const message = `the archive is not in the form that keysweep evidence export writes (${what}); unpack it, and verify the folder`;
  return new PackUnreadable(message);
}

function cutOff(): PackUnreadable {
  return new PackUnreadable('the archive is cut off');
}

async function readBlock(tar: FileHandle, at: number, whole: number): Promise<Buffer> {
  if (at + tarBlock > whole) throw cutOff();
  const block = Buffer.alloc(tarBlock);
  await tar.read(block, 0, tarBlock, at);
  return block;
}

async function checkPadding(tar: FileHandle, end: number, whole: number): Promise<void> {
  const rest = (tarBlock - (end % tarBlock)) % tarBlock;
  if (end + rest > whole) throw cutOff();
  const padding = Buffer.alloc(rest);
  if (rest > 0) await tar.read(padding, 0, rest, end);
  if (!isZero(padding)) throw otherForm('the end of a file');
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

interface TarHeader {
  readonly path: string;
  readonly size: number;
  readonly type: string;
}

function readHeader(header: Buffer): TarHeader {
  const field = (start: number, length: number) => {
    const [text = ''] = header.toString('utf8', start, start + length).split('\0');
    return text;
  };
  const size = Number.parseInt(field(124, 12), 8);
  const type = header.toString('latin1', 156, 157);
  if (!Number.isSafeInteger(size) || size < 0) throw otherForm('the size of a file');
  const [name, prefix] = [field(0, 100), field(345, 155)];
  return { path: prefix === '' ? name : `${prefix}/${name}`, size, type };
}

const links = ['1', '2', '3', '4', '6'];

function faultOf(
  { path, size, type }: TarHeader,
  entries: ReadonlyMap<string, TarEntry>,
): PackFault | undefined {
  const isSafe = path !== '' && path.split('/').every((part) => !['', '.', '..'].includes(part));
  if (!isSafe || path.includes('\\')) {
    const message = 'the path is absolute, or leaves the folder of the pack';
    return { code: 'unsafe-path', path, message };
  }
  if (links.includes(type)) {
    const message = 'it is a link or a device, and a pack has only files';
    return { code: 'link', path, message };
  }
  if (entries.has(path)) {
    return { code: 'doubled-file', path, message: 'the archive has this file twice' };
  }
  return size > mostFileBytes ? oversized(path) : undefined;
}
