import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { gzipPack } from '../../../src/evidence/pack-files/gzip.ts';
import { comparePaths } from '../../../src/evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../../src/evidence/pack-files/pack-reader.ts';
import { writeTar } from '../../../src/evidence/pack-files/tar.ts';
import type { Files } from '../verify/make-pack.ts';

/** A folder that is removed when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-test-pack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Writes a pack as a folder, and returns its path. */
export function writeFolder(files: Files, folder = join(scratch(), 'pack')): string {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

/** The archive of these files, uncompressed. */
export async function tarOf(files: Files): Promise<Buffer> {
  const sorted = [...files].sort(([one], [other]) => comparePaths(one, other));
  return gather(writeTar(listed(sorted.map(([path, bytes]) => ({ path, bytes })))));
}

export async function compress(bytes: Uint8Array): Promise<Buffer> {
  return gather(gzipPack(listed([bytes])));
}

/** Writes the bytes of an archive, and returns its path. */
export function writeArchive(bytes: Uint8Array): string {
  const path = join(scratch(), 'pack.tar.gz');
  writeFileSync(path, bytes);
  return path;
}

async function* listed<T extends PackFile | Uint8Array>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
