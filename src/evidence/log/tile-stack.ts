import { hashChildren, rootOf } from './merkle.ts';
import { fullWidth, type TileBytes } from './tiles.ts';

/** A tile that is full, with the root over it. */
export interface FullTile extends TileBytes {
  readonly root: Buffer;
}

/** A tree that grows a leaf at a time, and keeps only what a later root needs. */
export interface TileStack {
  readonly size: number;
  /** Adds the hash of a leaf. Returns the tiles that it filled, the lowest first. */
  add(leafHash: Uint8Array): readonly FullTile[];
  /** The root over all leaves so far. */
  root(): Buffer;
}

export function createTileStack(): TileStack {
  let size = 0;
  /** The hashes behind the last full tile of each level. */
  const levels: Uint8Array[][] = [];
  return {
    get size() {
      return size;
    },
    add(leafHash) {
      size += 1;
      const filled: FullTile[] = [];
      let hash = leafHash;
      for (let level = 0; ; level += 1) {
        levels[level] ??= [];
        const hashes = levels[level] ?? [];
        hashes.push(hash);
        if (hashes.length < fullWidth) return filled;
        const root = rootOf(hashes);
        const index = size / fullWidth ** (level + 1) - 1;
        const tile = { level, index, width: fullWidth };
        filled.push({ tile, hashes: Buffer.concat(hashes), root });
        levels[level] = [];
        hash = root;
      }
    },
    root() {
      const complete = levels.toReversed().flatMap(listCompleteRoots);
      const [last, ...above] = complete.reverse();
      if (last === undefined) return rootOf([]);
      return Buffer.from(
        above.reduce<Uint8Array>((right, left) => hashChildren(left, right), last),
      );
    },
  };
}

/** The roots of the largest complete trees that these hashes are made of, from the left. */
function listCompleteRoots(hashes: readonly Uint8Array[]): Buffer[] {
  const roots: Buffer[] = [];
  for (let from = 0; from < hashes.length; ) {
    let count = 1;
    while (count * 2 <= hashes.length - from) count *= 2;
    roots.push(rootOf(hashes.slice(from, from + count)));
    from += count;
  }
  return roots;
}
