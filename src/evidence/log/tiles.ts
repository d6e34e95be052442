import { rootOf } from './merkle.ts';

/**
 * Tiles of C2SP tlog-tiles: 256 hashes of one level of the tree, and fewer at its right edge. A hash
 * of level `level` stands for 256^level leaves.
 */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256. A tile of fewer than 256 hashes is partial. */
  readonly width: number;
}

/** A run of up to 256 entries beside the tile of level 0 with the same index and width. */
export type Bundle = Omit<Tile, 'level'>;

export const fullWidth = 256;

/** `tile/0/x001/067`, and `tile/0/x001/067.p/3` for a partial tile. */
export function tilePath({ level, index, width }: Tile): string {
  return `tile/${level}/${indexPath(index)}${partialPath(width)}`;
}

/** `tile/entries/x001/067`, with `.p/3` for a partial bundle. */
export function bundlePath({ index, width }: Bundle): string {
  return `tile/entries/${indexPath(index)}${partialPath(width)}`;
}

const pathForm =
  /^tile\/(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** What a path names; `level` is `entries` for a bundle. Undefined unless it is the one path of it. */
export function parseTilePath(
  path: string,
): Tile | (Bundle & { readonly level: 'entries' }) | undefined {
  const [, level = '', digits = '', partial] = pathForm.exec(path) ?? [];
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? fullWidth : Number(partial);
  if (level === '' || !Number.isSafeInteger(index) || indexPath(index) !== digits) return undefined;
  if (partial !== undefined && width >= fullWidth) return undefined;
  return level === 'entries'
    ? { level: 'entries', index, width }
    : { level: Number(level), index, width };
}

/** All tiles of a tree, by level and index; each level ends with its partial tile if it has one. */
export function* listTiles(size: number): Generator<Tile> {
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / fullWidth)) {
    for (const bundle of listBundles(count)) yield { level, ...bundle };
  }
}

/** All bundles of entries of a log with this number of leaves. */
export function* listBundles(size: number): Generator<Bundle> {
  for (let index = 0; index * fullWidth < size; index += 1) {
    yield { index, width: Math.min(fullWidth, size - index * fullWidth) };
  }
}

export interface TileBytes {
  readonly tile: Tile;
  /** `width` hashes of 32 bytes. */
  readonly hashes: Buffer;
}

/** All tiles of the tree with these leaves, in the order of `listTiles`. */
export function* makeTiles(leafHashes: readonly Uint8Array[]): Generator<TileBytes> {
  let hashes = leafHashes;
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Uint8Array[] = [];
    for (const { index, width } of listBundles(hashes.length)) {
      const within = hashes.slice(index * fullWidth, index * fullWidth + width);
      if (width === fullWidth) above.push(rootOf(within));
      yield { tile: { level, index, width }, hashes: Buffer.concat(within) };
    }
    hashes = above;
  }
}

function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const parts = padded.match(/.{3}/g) ?? [];
  return parts.map((part, at) => (at < parts.length - 1 ? `x${part}` : part)).join('/');
}

function partialPath(width: number): string {
  return width === fullWidth ? '' : `.p/${width}`;
}
