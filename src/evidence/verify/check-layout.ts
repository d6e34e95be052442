import { bundlePath, fullWidth, listBundles, listTiles, tilePath } from '../log/tiles.ts';
import type { PackInfo } from '../pack-files/pack-info.ts';
import { type PackFamily, packFiles, parsePackPath } from '../pack-files/pack-paths.ts';
import { type PackReader, PackUnreadable } from '../pack-files/pack-reader.ts';
import { listTexts } from './check-texts.ts';
import { type PackProblem, tampered } from './problem.ts';

const always: readonly PackFamily[] = ['checkpoint', 'object'];
const ofWhole: readonly PackFamily[] = ['list', 'contents'];
const ofOne: readonly PackFamily[] = ['keyProof', 'leafProof'];

/** Refuses every file that a pack of this size and kind does not have. */
export function checkLayout(reader: PackReader, info: PackInfo): PackProblem[] {
  const { size, only } = info;
  const { checkpoint, differences, policy } = packFiles;
  const texts = listTexts(info);
  const named = new Set<string>([packFiles.info, checkpoint, differences, policy, ...texts]);
  for (const tile of listTiles(size)) named.add(tilePath(tile));
  for (const bundle of listBundles(size)) named.add(bundlePath(bundle));
  const families = [...always, ...(only === null ? ofWhole : ofOne)];
  const unknown = reader.paths.filter(
    (path) =>
      !named.has(path) && !families.some((family) => parsePackPath(family, path) !== undefined),
  );
  return [...listFaults(reader), ...unknown.map(unknownFile)];
}

/** All leaves are kept in memory, with 3 kB each: 20 schedules an hour for five years. */
const mostLeaves = 1_000_000;

/**
 * Whether the pack can have as many leaves as it says: nothing is made of a number that is a lie.
 * Throws `PackUnreadable` for more than this program can keep.
 */
export function checkSize({ paths }: PackReader, { size }: PackInfo): PackProblem | undefined {
  if (Math.ceil(size / fullWidth) <= paths.length) {
    if (size <= mostLeaves) return undefined;
    throw new PackUnreadable(
      `the log has ${size} leaves, and this program reads up to ${mostLeaves}`,
    );
  }
  const message = `it says that the log has ${size} leaves, and the pack has fewer files than these need`;
  return tampered('missing-file', packFiles.info, message);
}

/** What the folder or archive holds that no pack may hold. */
export function listFaults({ faults }: PackReader): PackProblem[] {
  return faults.map(({ code, path, message }) => tampered(code, path, message));
}

/** What a system writes into a folder that somebody looked at. */
const written = /(?:^|\/)(?:\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|\.directory)$/i;

export function unknownFile(path: string): PackProblem {
  const hint = written.test(path)
    ? '; systems write one of this name into a folder that is looked at: verify the archive, or remove it'
    : '';
  const message = `no pack with these leaves and this period has this file${hint}`;
  return tampered('unknown-file', path, message);
}
