import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { gzipHead } from '../pack-files/gzip.ts';
import {
  nothingRead,
  type PackFault,
  type PackReader,
  PackUnreadable,
} from '../pack-files/pack-reader.ts';
import { createTarIndex, otherForm, type TarIndex } from './index-tar.ts';
import { harmlessBytes, mostGrowth, mostPackFaults } from './limits.ts';
import { openFile } from './open-file.ts';

/** A pack that is open, with what must be given back after its use. */
export interface OpenPack extends PackReader {
  close(): Promise<void>;
}

/**
 * A pack in a `.tar.gz`. It is unpacked to one temporary file, which `close` removes. An archive
 * that grows more than evidence can is a fault. Throws `PackUnreadable` for one that is cut off,
 * damaged, or not in the form that an export writes.
 */
export async function readArchive(path: string): Promise<OpenPack> {
  const packed = await openFile(path);
  let opened: OpenPack | undefined;
  try {
    await checkHead(packed);
    const folder = await mkdtemp(join(tmpdir(), 'keysweep-pack-'));
    const remove = () => rm(folder, { recursive: true, force: true });
    try {
      opened = await unpackTo(join(folder, 'pack.tar'), { packed, path, remove });
    } finally {
      if (opened === undefined) await remove();
    }
    return opened;
  } finally {
    await packed.close();
  }
}

interface Unpacking {
  readonly packed: FileHandle;
  /** As the auditor named it. */
  readonly path: string;
  /** Removes what was unpacked. */
  remove(): Promise<void>;
}

async function unpackTo(to: string, { packed, path, remove }: Unpacking): Promise<OpenPack> {
  const index = createTarIndex();
  if (!(await unpack(packed, to, index))) {
    return { ...nothingRead, faults: [bomb(path)], close: remove };
  }
  index.finish();
  const { entries, faults } = index;
  if (faults.length >= mostPackFaults) return { ...nothingRead, faults, close: remove };
  const tar = await open(to);
  return {
    paths: [...entries.keys()],
    faults,
    has: (file) => entries.has(file),
    async read(file) {
      const { start, size } = entries.get(file) ?? { start: 0, size: 0 };
      const bytes = Buffer.alloc(size);
      await tar.read(bytes, 0, size, start);
      return bytes;
    },
    async close() {
      await tar.close();
      await remove();
    },
  };
}

/** A file must begin as a compressed pack does. */
async function checkHead(file: FileHandle): Promise<void> {
  const head = Buffer.alloc(gzipHead.length);
  await file.read(head, 0, head.length, 0);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    throw new PackUnreadable(
      'it is neither a folder nor a .tar.gz; if a browser unpacked it, unpack it wholly, and verify the folder',
    );
  }
  if (!head.equals(gzipHead)) throw otherForm('its compression');
}

/** Whether it could be unpacked within the limits. */
async function unpack(packed: FileHandle, to: string, index: TarIndex): Promise<boolean> {
  const gunzip = createGunzip();
  let size = 0;
  const check = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      // What is behind the end is read for its length only.
      const isKept = !index.isOver;
      const error = checkPiece(piece, index, size > mostBytesOf(gunzip.bytesWritten));
      if (error === undefined && isKept) done(null, piece);
      else done(error ?? null);
    },
  });
  const source = packed.createReadStream({ start: 0, autoClose: false });
  try {
    await pipeline(source, gunzip, check, createWriteStream(to));
  } catch (error) {
    if (error instanceof TooLarge) return false;
    if (error instanceof Enough) return true;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new PackUnreadable('the archive is cut off');
    if (code.startsWith('Z_')) throw new PackUnreadable(`the archive is damaged (${code})`);
    throw error;
  }
  // What follows the end of the compressed bytes is not unpacked, and does not belong there.
  if ((await readEnd(packed)) !== size % 2 ** 32) throw otherForm('its compression');
  return true;
}

/** By how much has been read of it: a bomb behind much evidence is found where it begins. */
function mostBytesOf(packedSoFar: number): number {
  return Math.max(harmlessBytes, packedSoFar * mostGrowth);
}

/** What ends the reading of an archive, if anything. */
function checkPiece(piece: Buffer, index: TarIndex, isTooLarge: boolean): Error | undefined {
  if (isTooLarge) return new TooLarge();
  try {
    index.take(piece);
  } catch (error) {
    return error as Error;
  }
  return index.faults.length >= mostPackFaults ? new Enough() : undefined;
}

class Enough extends Error {}

class TooLarge extends Error {}

/** The number at the end of a gzip: the size of what was compressed. */
async function readEnd(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const end = Buffer.alloc(4);
  await file.read(end, 0, 4, size - 4);
  return end.readUInt32LE();
}

function bomb(path: string): PackFault {
  const message = `the archive grows over ${mostGrowth} times when it is unpacked, and evidence does not; it was not read further`;
  return { code: 'oversized', path, message };
}
