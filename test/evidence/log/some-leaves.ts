import { hashLeaf } from '../../../src/evidence/log/merkle.ts';
import type { TileReader } from '../../../src/evidence/log/tile-proofs.ts';
import { makeTiles } from '../../../src/evidence/log/tiles.ts';

/** The hashes of this number of leaves, all different. */
export function leavesOf(size: number): Buffer[] {
  return Array.from({ length: size }, (_, at) => hashLeaf(entryOf(at)));
}

export function entryOf(index: number): Buffer {
  return Buffer.from(`{"leaf":${index}}`);
}

/** Reads the tiles of a tree, and counts how often. It has also what is narrower than its tiles. */
export function readerOf(leafHashes: readonly Buffer[]): TileReader & { reads: number } {
  const tiles = new Map<string, Buffer>();
  for (const { tile, hashes } of makeTiles(leafHashes)) {
    tiles.set(`${tile.level}/${tile.index}`, hashes);
  }
  return {
    reads: 0,
    async read(level, index, width) {
      this.reads += 1;
      const hashes = tiles.get(`${level}/${index}`);
      if (hashes === undefined) throw new Error(`no tile ${level}/${index}`);
      return hashes.subarray(0, width * 32);
    },
  };
}
