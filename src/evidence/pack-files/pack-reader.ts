import { packFiles } from './pack-paths.ts';

/** One file of a pack. */
export interface PackFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A pack as a folder or an archive holds it. Nothing of it is verified yet. */
export interface PackReader {
  /** The paths of all files, in the order of `comparePaths`. */
  readonly paths: readonly string[];
  /** What the folder or archive holds that no pack may hold, such as a link. */
  readonly faults: readonly PackFault[];
  has(path: string): boolean;
  /** The bytes of one of `paths`. Throws `PackUnreadable`. */
  read(path: string): Promise<Buffer>;
}

/** Something in a folder or archive that makes it no pack. */
export interface PackFault {
  readonly code: 'unsafe-path' | 'link' | 'doubled-file' | 'oversized' | 'unknown-file';
  readonly path: string;
  readonly message: string;
}

/** A pack that cannot be read at all, such as an archive that was cut off. */
export class PackUnreadable extends Error {
  override readonly name = 'PackUnreadable';
  readonly code = 'KEYSWEEP_PACK_UNREADABLE';
  readonly retryable = false;
}

/** What is no pack. */
export function noPack(): PackUnreadable {
  const message = `it is no pack of evidence: it has no ${packFiles.info}; name the folder or the .tar.gz that keysweep evidence export wrote`;
  return new PackUnreadable(message);
}

/** A pack that was read no further, for its faults. */
export const nothingRead = {
  paths: [],
  has: () => false,
  read: async () => {
    throw new PackUnreadable('it was not read');
  },
} as const;
