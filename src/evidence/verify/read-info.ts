import { decodeUtf8 } from '../log/strict-text.ts';
import { type PackInfo, parsePackInfo } from '../pack-files/pack-info.ts';
import { packFiles, packVersion } from '../pack-files/pack-paths.ts';
import { noPack, type PackReader, PackUnreadable } from '../pack-files/pack-reader.ts';

/**
 * What the pack says of itself; undefined if it is not in its one form. Throws `PackUnreadable` for
 * what is no pack, or one of another version.
 */
export async function readInfo(reader: PackReader): Promise<PackInfo | undefined> {
  if (!reader.has(packFiles.info)) throw noPack();
  const read = parsePackInfo(decodeUtf8(await reader.read(packFiles.info)) ?? '');
  if (read.ok) return read.info;
  if (read.why === 'malformed') return undefined;
  throw new PackUnreadable(
    `the pack is of version ${read.version}, and this program reads version ${packVersion}; use a newer keysweep`,
  );
}
