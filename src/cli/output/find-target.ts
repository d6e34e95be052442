import { access, constants, lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** What `--output` names, after its symbolic links. */
export type Target =
  /** A plain file, or nothing yet: written beside and renamed. `mode`: that of the old file. */
  | { readonly kind: 'file'; readonly path: string; readonly mode: number | undefined }
  /** `named`: it lies in a folder, so its reader may come later. */
  | { readonly kind: 'pipe'; readonly path: string; readonly named: boolean }
  /** A device, or a plain file that this process got as an open descriptor. */
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'stdout' }
  | { readonly kind: 'stderr' };

/** The system has a limit like this; a link in a circle would be followed for ever. */
const mostLinks = 40;

/** Throws errors of the file system (`code`), EISDIR for a folder. */
async function findTarget(file: string): Promise<Target> {
  if (/[\\/]$/.test(file)) throw failure('EISDIR');
  const { path, descriptor } = await followLinks(file);
  const own = ownStream(path);
  if (descriptor && own !== undefined) return { kind: own };
  const found = await stat(path).catch(undefinedIf('ENOENT'));
  if (found?.isDirectory()) throw failure('EISDIR');
  if (found?.isSocket()) throw failure('ENXIO');
  if (found?.isFIFO()) return { kind: 'pipe', path, named: !descriptor };
  if (descriptor || (found !== undefined && !found.isFile())) return { kind: 'open', path };
  return { kind: 'file', path, mode: found === undefined ? undefined : found.mode & 0o777 };
}

/**
 * Finds what a path names, and throws what would prevent writing to it; writes and opens nothing. A
 * file that must not be written is not replaced either, although its folder would allow it.
 */
export async function findWritable(file: string): Promise<Target> {
  const target = await findTarget(file);
  if (target.kind === 'stdout' || target.kind === 'stderr') return target;
  const { kind, path } = target;
  if (kind === 'file') await access(dirname(path), constants.W_OK);
  if (kind !== 'file' || target.mode !== undefined) await access(path, constants.W_OK);
  return target;
}

/**
 * The last name in a chain of symbolic links, which may name nothing yet. The links of `/proc` to
 * open descriptors are not followed: what they name may be a pipe, or a file that is deleted.
 */
async function followLinks(file: string): Promise<{ path: string; descriptor: boolean }> {
  let path = resolve(file);
  for (let links = 0; links <= mostLinks; links++) {
    const folder = await realpath(dirname(path));
    path = join(folder, basename(path));
    if (isDescriptorFolder(folder)) return { path, descriptor: true };
    const found = await lstat(path).catch(undefinedIf('ENOENT'));
    if (!found?.isSymbolicLink()) return { path, descriptor: false };
    path = resolve(folder, await readlink(path));
  }
  throw failure('ELOOP');
}

function isDescriptorFolder(folder: string): boolean {
  return folder === '/dev/fd' || /^\/proc\/\d+\/(?:task\/\d+\/)?fd$/.test(folder);
}

/** A stream of this process may be a socket, which no path can open. */
function ownStream(path: string): 'stdout' | 'stderr' | undefined {
  const folder = dirname(path);
  const own = folder === '/dev/fd' || folder.startsWith(`/proc/${process.pid}/`);
  if (!own) return undefined;
  return basename(path) === '1' ? 'stdout' : basename(path) === '2' ? 'stderr' : undefined;
}

function undefinedIf(code: string) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
    return undefined;
  };
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
