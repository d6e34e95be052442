import type { PackFault } from '../pack-files/pack-reader.ts';

/**
 * The largest file of a pack: each is read whole. As much has the list of 900,000 findings that one
 * sweep changed, with 288 bytes each; the list of a large fleet takes a fortieth.
 */
export const mostFileBytes = 256 * 1024 * 1024;

/** The most files of a pack: ten years of a large fleet have a quarter of it. */
export const mostFiles = 2_000_000;

/** A folder or archive with as many faults is read no further. */
export const mostPackFaults = 1_000;

/**
 * How much an archive may grow when it is unpacked: evidence is hashes, which do not shrink, and an
 * archive of zeros grows a thousandfold.
 */
export const mostGrowth = 100;

/** Growth is no sign of anything below this size. */
export const harmlessBytes = 64 * 1024 * 1024;

export function oversized(path: string): PackFault {
  const message = `the file is larger than ${mostFileBytes / 1024 / 1024} MiB, which no file of a pack is`;
  return { code: 'oversized', path, message };
}
