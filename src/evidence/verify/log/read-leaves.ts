import { LeafUnreadable, parseLeaf } from '../../leaves/leaf.ts';
import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { parseBundle } from '../../log/entry-bundles.ts';
import { LogFormatError } from '../../log/log-format-error.ts';
import { hashBytes, hashLeaf } from '../../log/merkle.ts';
import { decodeUtf8 } from '../../log/strict-text.ts';
import { bundlePath, fullWidth, listBundles, makeTiles, tilePath } from '../../log/tiles.ts';
import { type PackReader, PackUnreadable } from '../../pack-files/pack-reader.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';
import { missingFile } from '../read-pack-form.ts';

export interface LeavesRead {
  readonly problems: readonly PackProblem[];
  /** The hashes of all leaves; undefined where an entry is missing or cut. */
  readonly hashes: readonly Buffer[] | undefined;
  /** Those that can be read. */
  readonly leaves: readonly NumberedLeaf[];
}

/** Reads all leaves of the log, and compares its tiles with them. */
export async function readLeaves(reader: PackReader, size: number): Promise<LeavesRead> {
  const problems: PackProblem[] = [];
  const entries: Buffer[] = [];
  let bytes = 0;
  for (const bundle of listBundles(size)) {
    const path = bundlePath(bundle);
    const read = await readBundle(reader, path, bundle.width);
    if (!Array.isArray(read)) {
      problems.push(read);
      continue;
    }
    entries.push(...read);
    bytes = read.reduce((sum, { length }) => sum + length, bytes);
    if (bytes > mostBytes) throw tooMany();
  }
  if (problems.length > 0) return { problems, hashes: undefined, leaves: [] };

  const hashes = entries.map(hashLeaf);
  const ofTiles = await compareTiles(reader, hashes);
  const leaves: NumberedLeaf[] = [];
  for (const [n, entry] of entries.entries()) {
    const read = readLeaf(n, entry);
    if ('event' in read) leaves.push(read);
    else problems.push(read);
  }
  return { problems: [...ofTiles, ...problems], hashes, leaves };
}

/** A leaf has about a thousandth of a megabyte, and a hostile one 64 times that. */
const mostBytes = 1024 ** 3;

function tooMany(): PackUnreadable {
  return new PackUnreadable(
    'its leaves have more than 1 GiB together, and this program reads no more',
  );
}

async function readBundle(reader: PackReader, path: string, width: number) {
  if (!reader.has(path)) return missingFile(path);
  try {
    return parseBundle(await reader.read(path), width, path);
  } catch (error) {
    if (error instanceof LogFormatError)
      return tampered('malformed-file', path, `it ${error.what}`);
    throw error;
  }
}

function readLeaf(n: number, entry: Buffer): NumberedLeaf | PackProblem {
  try {
    const leaf = parseLeaf(decodeUtf8(entry) ?? '');
    return { n, at: new Date(leaf.event.at), ...leaf };
  } catch (error) {
    if (!(error instanceof LeafUnreadable)) throw error;
    return tampered('leaf-unreadable', leafPlace(n), `the leaf cannot be read: ${error.message}`);
  }
}

async function compareTiles(reader: PackReader, hashes: readonly Buffer[]): Promise<PackProblem[]> {
  const problems: PackProblem[] = [];
  for (const { tile, hashes: made } of makeTiles(hashes)) {
    const path = tilePath(tile);
    if (!reader.has(path)) {
      problems.push(missingFile(path));
      continue;
    }
    const found = await reader.read(path);
    if (found.equals(made)) continue;
    problems.push(
      tile.level === 0 && found.length === made.length
        ? nameLeaves(path, tile.index * fullWidth, { found, made })
        : tampered('tile-differs', path, 'the tile does not fit the leaves below it'),
    );
  }
  return problems;
}

function nameLeaves(
  path: string,
  first: number,
  { found, made }: { readonly found: Buffer; readonly made: Buffer },
): PackProblem {
  const differing = Array.from({ length: made.length / hashBytes }, (_, at) => at).filter((at) => {
    const [start, end] = [at * hashBytes, (at + 1) * hashBytes];
    return !found.subarray(start, end).equals(made.subarray(start, end));
  });
  const [one = 0, ...more] = differing.map((at) => first + at);
  const others = more.length === 0 ? '' : `, and so are ${more.length} leaves after it`;
  const message = `the leaf is not the one whose hash stands in ${path}${others}`;
  return tampered('leaf-differs', leafPlace(one), message);
}
