import { realpath } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { NotAFile, openFile, readWhole } from '../reading/open-file.ts';
import { AuditRefused } from './audit-refused.ts';

/** Where the files are that the auditor names. */
export interface GivenPlaces {
  readonly cwd: string;
  /** What is verified: no file of it counts as given from outside. */
  readonly pack: string;
}

export interface GivenFile {
  /** Names it in mistakes. */
  readonly flag: '--key' | '--policy' | '--saw';
  readonly file: string;
  readonly mostBytes: number;
}

/** The bytes of a file that the auditor names. Throws `AuditRefused`, with one line. */
export async function readGiven(
  { cwd, pack }: GivenPlaces,
  { flag, file, mostBytes }: GivenFile,
): Promise<Buffer> {
  const path = resolve(cwd, file);
  const refuse = (what: string) => new AuditRefused(`${flag} ${file}: ${what}`);
  try {
    if (await isWithin(resolve(cwd, pack), path)) {
      throw refuse('it lies in the pack, which cannot vouch for itself; get it from elsewhere');
    }
    const opened = await openFile(path);
    try {
      if ((await opened.stat()).size > mostBytes) {
        throw refuse(`the file is larger than ${mostBytes / 1024} KiB`);
      }
      return await readWhole(opened);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof AuditRefused) throw error;
    if (error instanceof NotAFile) throw refuse(`${error.message}, and must be a file`);
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw refuse(`cannot be read (${code})`);
  }
}

/** Whether a file is in a folder, by whatever links. */
async function isWithin(folder: string, path: string): Promise<boolean> {
  const [outer, inner] = await Promise.all([folder, path].map(resolveLinks));
  return inner !== undefined && outer !== undefined && inner.startsWith(outer + sep);
}

async function resolveLinks(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    // What cannot be read is told by whoever reads it.
    return undefined;
  }
}

/** The text of a file as the editors and shells of any system write it. */
export function decodeGiven(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le', 2);
  if (first === 0xfe && second === 0xff) {
    return Buffer.from(bytes.subarray(0, bytes.length & ~1))
      .swap16()
      .toString('utf16le', 2);
  }
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}
