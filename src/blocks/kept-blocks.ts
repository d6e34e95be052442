import { hash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Blocks of bytes, which are read in any order after all are there. */
export interface KeptBlocks {
  readonly count: number;
  add(bytes: Buffer): void;
  /** Throws if the disk does not return what was written to it. */
  read(place: number): Buffer;
  /** Frees what they use. */
  drop(): void;
}

type Block = Buffer | { readonly at: number; readonly length: number; readonly hash: string };

/** About 40,000 keys of an inventory or a report: fewer need no file. */
const usualMemory = 4 * 1024 * 1024;

/**
 * Keeps the first blocks in memory, and the others in a temporary file without a name, of which
 * nothing remains when the process ends, however it ends. Where no such file can be written, all
 * blocks stay in memory.
 */
export function createKeptBlocks(mostInMemory = usualMemory, openFile = openNameless): KeptBlocks {
  const blocks: Block[] = [];
  let inMemory = 0;
  let file: NamelessFile | undefined;
  let mayWrite = true;
  const write = (bytes: Buffer): Block | undefined => {
    if (inMemory + bytes.length <= mostInMemory || !mayWrite) return undefined;
    try {
      file ??= openFile();
      const at = file.write(bytes);
      return { at, length: bytes.length, hash: hashOf(bytes) };
    } catch {
      mayWrite = false;
      return undefined;
    }
  };
  return {
    get count() {
      return blocks.length;
    },
    add(bytes) {
      const written = write(bytes);
      if (written === undefined) inMemory += bytes.length;
      blocks.push(written ?? bytes);
    },
    read(place) {
      const block = blocks[place];
      if (block === undefined) throw new RangeError(`there is no block ${place}`);
      if (Buffer.isBuffer(block)) return block;
      if (file === undefined) throw new Error('the file of the blocks is not open');
      const bytes = file.read(block.at, block.length);
      if (hashOf(bytes) !== block.hash) throw new Error('a temporary file is damaged');
      return bytes;
    },
    drop() {
      blocks.length = 0;
      file?.close();
      file = undefined;
    },
  };
}

function hashOf(bytes: Buffer): string {
  return hash('sha256', bytes, 'base64');
}

interface NamelessFile {
  /** Writes at the end, and returns where that was. */
  write(bytes: Buffer): number;
  read(at: number, length: number): Buffer;
  close(): void;
}

/** Closes the file of blocks that nobody uses any more. */
const unused = new FinalizationRegistry<number>(closeSync);

function openNameless(): NamelessFile {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-'));
  try {
    return useFile(openSync(join(folder, 'blocks'), 'wx+', 0o600));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function useFile(descriptor: number): NamelessFile {
  let end = 0;
  const file: NamelessFile = {
    write(bytes) {
      const at = end;
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(descriptor, bytes, done, bytes.length - done, at + done);
      }
      end += bytes.length;
      return at;
    },
    read(at, length) {
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const more = readSync(descriptor, bytes, done, length - done, at + done);
        if (more === 0) throw new Error('a temporary file ends early');
        done += more;
      }
      return bytes;
    },
    close() {
      unused.unregister(file);
      closeSync(descriptor);
    },
  };
  unused.register(file, descriptor, file);
  return file;
}
