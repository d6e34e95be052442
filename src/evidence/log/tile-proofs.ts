import { LogFormatError } from './log-format-error.ts';
import { hashBytes, hashChildren, rootOf } from './merkle.ts';
import { type LeafRange, listConsistencyRanges, listInclusionRanges } from './proof-ranges.ts';
import { fullWidth, tilePath } from './tiles.ts';

/**
 * Where tiles come from: a database, a pack, a server. `read` gives the first `width` hashes of a
 * tile, 32 bytes each. What it gives is not checked here: compare the root with a checkpoint's.
 */
export interface TileReader {
  read(level: number, index: number, width: number): Promise<Uint8Array>;
}

/** The root of the tree with the first `size` leaves. */
export async function rootFromTiles(size: number, reader: TileReader): Promise<Buffer> {
  return size === 0 ? rootOf([]) : openTree(size, reader)({ start: 0, end: size });
}

/** As `proveInclusion`, for the tree with the first `size` leaves. */
export async function proveInclusionFromTiles(
  index: number,
  size: number,
  reader: TileReader,
): Promise<Buffer[]> {
  return hashRanges(listInclusionRanges(index, size), openTree(size, reader));
}

/** As `proveConsistency`, for the tree with the first `size` leaves. */
export async function proveConsistencyFromTiles(
  oldSize: number,
  size: number,
  reader: TileReader,
): Promise<Buffer[]> {
  return hashRanges(listConsistencyRanges(oldSize, size), openTree(size, reader));
}

type HashRange = (range: LeafRange) => Promise<Buffer>;

async function hashRanges(ranges: readonly LeafRange[], hash: HashRange): Promise<Buffer[]> {
  const path: Buffer[] = [];
  for (const range of ranges) path.push(await hash(range));
  return path;
}

/** Hashes parts of a tree, and reads each tile once. */
function openTree(size: number, reader: TileReader): HashRange {
  const tiles = new Map<string, Uint8Array>();
  const readTile = async (level: number, index: number): Promise<Uint8Array> => {
    const hashes = Math.floor(size / fullWidth ** level);
    const width = Math.min(fullWidth, hashes - index * fullWidth);
    const path = tilePath({ level, index, width });
    const bytes = tiles.get(path) ?? (await reader.read(level, index, width));
    if (bytes.length !== width * hashBytes) {
      const sizes = `has ${bytes.length} bytes, not ${width * hashBytes}`;
      throw new LogFormatError(path, sizes);
    }
    tiles.set(path, bytes);
    return bytes;
  };

  return async ({ start, end }) => {
    const roots: Buffer[] = [];
    for (const { level, index } of listComplete(start, end)) {
      const count = 2 ** (level % 8);
      const first = index * count;
      const tile = await readTile(Math.floor(level / 8), Math.floor(first / fullWidth));
      roots.push(rootOf(hashesWithin(tile, first % fullWidth, count)));
    }
    return roots.reduceRight((right, left) => hashChildren(left, right));
  };
}

/** The complete subtrees that these leaves are made of: the one at `index` has 2^level leaves. */
function* listComplete(start: number, end: number): Generator<{ level: number; index: number }> {
  for (let from = start; from < end; ) {
    let [level, leaves] = [0, 1];
    for (; leaves * 2 <= end - from; leaves *= 2) level += 1;
    yield { level, index: from / leaves };
    from += leaves;
  }
}

function hashesWithin(tile: Uint8Array, first: number, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, at) =>
    tile.subarray((first + at) * hashBytes, (first + at + 1) * hashBytes),
  );
}
