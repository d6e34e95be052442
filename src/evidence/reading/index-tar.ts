import { comparePaths } from '../pack-files/pack-paths.ts';
import { type PackFault, PackUnreadable } from '../pack-files/pack-reader.ts';
import { tarBlock, tarEnd, tarHeader } from '../pack-files/tar.ts';
import { mostFileBytes, mostFiles, mostPackFaults, oversized } from './limits.ts';

/** Where a file stands in an archive. */
export interface TarEntry {
  readonly start: number;
  readonly size: number;
}

/** Reads an archive as its bytes come, so that a hostile one is refused before it fills a disk. */
export interface TarIndex {
  /**
   * Takes the next bytes. Throws `PackUnreadable` for an archive in another form than an export
   * writes, because the same pack would then have many.
   */
  take(piece: Buffer): void;
  /** Throws `PackUnreadable` for an archive that was cut off, or goes on behind its end. */
  finish(): void;
  /** By path, in the order of the archive. */
  readonly entries: ReadonlyMap<string, TarEntry>;
  /** What only a hostile archive holds. */
  readonly faults: readonly PackFault[];
  /** Whether its end has come. */
  readonly isOver: boolean;
}

/** What the next bytes are: a header, bytes of a file, zeros after it, or what ends the archive. */
type Part = 'header' | 'body' | 'padding' | 'end' | 'behind';

interface Reading {
  readonly entries: Map<string, TarEntry>;
  readonly faults: PackFault[];
  /** The header that is read now. */
  readonly block: Buffer;
  part: Part;
  /** Bytes of this part that are still to come. */
  left: number;
  /** All bytes so far. */
  at: number;
  /** Zeros after the file that is read now. */
  padding: number;
  /** The path of the file before. */
  last: string;
  isLonger: boolean;
}

export function createTarIndex(): TarIndex {
  const now: Reading = {
    ...{ entries: new Map(), faults: [], block: Buffer.alloc(tarBlock) },
    ...{ part: 'header', left: tarBlock, at: 0, padding: 0, last: '', isLonger: false },
  };
  const { entries, faults } = now;
  return {
    entries,
    faults,
    get isOver() {
      return now.part === 'behind';
    },
    take(piece) {
      for (let at = 0; at < piece.length && faults.length < mostPackFaults; ) {
        if (now.part === 'behind') {
          now.isLonger = true;
          return;
        }
        const some = piece.subarray(at, at + now.left);
        takeSome(now, some);
        at += some.length;
      }
    },
    finish() {
      if (faults.length >= mostPackFaults) return;
      if (now.part !== 'behind') throw new PackUnreadable('the archive is cut off');
      if (now.isLonger) throw otherForm('its end');
    },
  };
}

/** Takes bytes of one part, and goes on to the next one where it is complete. */
function takeSome(now: Reading, piece: Buffer): void {
  if (now.part === 'header') piece.copy(now.block, tarBlock - now.left);
  else if (now.part === 'padding' && !isZero(piece)) throw otherForm('the end of a file');
  else if (now.part === 'end' && !isZero(piece)) throw otherForm('its end');
  now.left -= piece.length;
  now.at += piece.length;
  while (now.left === 0 && now.part !== 'behind') Object.assign(now, followOf(now));
}

function followOf(now: Reading): Pick<Reading, 'part' | 'left'> {
  switch (now.part) {
    case 'header':
      return isZero(now.block)
        ? { part: 'end', left: tarEnd.length - tarBlock }
        : { part: 'body', left: readFile(now) };
    case 'body':
      return { part: 'padding', left: now.padding };
    case 'padding':
      return { part: 'header', left: tarBlock };
    default:
      return { part: 'behind', left: 0 };
  }
}

/** Notes the file of a header, and returns its size. */
function readFile(now: Reading): number {
  const { block, entries, faults } = now;
  const found = readHeader(block);
  const { path, size } = found;
  const fault = faultOf(found, entries);
  if (fault !== undefined) faults.push(fault);
  else {
    assertOurs(block, found, now.last);
    entries.set(path, { start: now.at, size });
    now.last = path;
  }
  if (entries.size > mostFiles) throw otherForm('the number of its files');
  now.padding = (tarBlock - (size % tarBlock)) % tarBlock;
  return size;
}

/** The one header that this file can have, after the file before it. */
function assertOurs(header: Buffer, { path, size }: TarHeader, last: string): void {
  const isOurs = Buffer.byteLength(path) <= 100 && header.equals(tarHeader(path, size));
  if (!isOurs || comparePaths(last, path) >= 0) throw otherForm(path);
}

export function otherForm(what: string): PackUnreadable {
  const message = `the archive is not in the form that keysweep evidence export writes (${what}); unpack it, and verify the folder`;
  return new PackUnreadable(message);
}

function isZero(bytes: Buffer): boolean {
  return bytes.equals(zeros.subarray(0, bytes.length));
}

const zeros = Buffer.alloc(tarEnd.length);

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
