import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { gzipHead } from '../pack-files/gzip.ts';
import { type PackFault, type PackReader, PackUnreadable } from '../pack-files/pack-reader.ts';
import { indexTar, otherForm } from './index-tar.ts';
import { harmlessBytes, mostGrowth } from './limits.ts';

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
  const packed = await sizeOf(path);
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-pack-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  let tar: FileHandle | undefined;
  try {
    const file = join(folder, 'pack.tar');
    if (!(await unpack(path, file, packed))) {
      return { ...empty, faults: [bomb(path)], close: remove };
    }
    tar = await open(file);
    return await openTar(tar, remove);
  } catch (error) {
    await tar?.close();
    await remove();
    throw error;
  }
}

const empty = {
  paths: [],
  has: () => false,
  read: async (path: string) => {
    throw new PackUnreadable(`there is no ${path}`);
  },
};

async function openTar(tar: FileHandle, remove: () => Promise<void>): Promise<OpenPack> {
  const { entries, faults } = await indexTar(tar);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return {
    paths: [...byPath.keys()],
    faults,
    has: (path) => byPath.has(path),
    async read(path) {
      const { start, size } = byPath.get(path) ?? { start: 0, size: 0 };
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

/** The size of a file that begins as a compressed pack does. */
async function sizeOf(path: string): Promise<number> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(gzipHead.length);
    await file.read(head, 0, head.length, 0);
    if (head[0] !== 0x1f || head[1] !== 0x8b) {
      throw new PackUnreadable('it is neither a folder nor a .tar.gz');
    }
    if (!head.equals(gzipHead)) throw otherForm('its compression');
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Whether it could be unpacked within the limits. */
async function unpack(path: string, to: string, packed: number): Promise<boolean> {
  const most = Math.max(harmlessBytes, packed * mostGrowth);
  let size = 0;
  const limit = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      done(size > most ? new TooLarge() : null, piece);
    },
  });
  try {
    await pipeline(createReadStream(path), createGunzip(), limit, createWriteStream(to));
  } catch (error) {
    if (error instanceof TooLarge) return false;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR') throw new PackUnreadable('the archive is cut off');
    if (code.startsWith('Z_')) throw new PackUnreadable(`the archive is damaged (${code})`);
    throw error;
  }
  // What follows the end of the compressed bytes is not unpacked, and does not belong there.
  if ((await readEnd(path, packed)) !== size % 2 ** 32) throw otherForm('its compression');
  return true;
}

class TooLarge extends Error {}

/** The number at the end of a gzip: the size of what was compressed. */
async function readEnd(path: string, packed: number): Promise<number> {
  const file = await open(path);
  try {
    const end = Buffer.alloc(4);
    await file.read(end, 0, 4, packed - 4);
    return end.readUInt32LE();
  } finally {
    await file.close();
  }
}

function bomb(path: string): PackFault {
  const message = `the archive grows over ${mostGrowth} times when it is unpacked, and evidence does not; it was not read further`;
  return { code: 'oversized', path, message };
}
