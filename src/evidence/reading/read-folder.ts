import { lstat, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparePaths, packFiles } from '../pack-files/pack-paths.ts';
import {
  noPack,
  nothingRead,
  type PackFault,
  type PackReader,
  PackUnreadable,
} from '../pack-files/pack-reader.ts';
import { mostFileBytes, mostFiles, mostPackFaults, oversized } from './limits.ts';

/** A pack in a folder. Follows no link. */
export async function readFolder(folder: string): Promise<PackReader> {
  // What is no pack at all may be a whole disk.
  if (!(await hasInfo(folder))) throw noPack();
  const paths: string[] = [];
  const faults: PackFault[] = [];
  for await (const { path, isFile } of walk(folder)) {
    if (!isFile) faults.push(noFile(path));
    else if ((await lstat(join(folder, path))).size > mostFileBytes) faults.push(oversized(path));
    else paths.push(path);
    if (paths.length > mostFiles) throw tooMany();
    if (faults.length >= mostPackFaults) return { ...nothingRead, faults };
  }
  const known = new Set(paths);
  return {
    paths: paths.sort(comparePaths),
    faults,
    has: (path) => known.has(path),
    read: (path) => readFile(join(folder, path)),
  };
}

/** All that is in a folder and those within it, but for the folders themselves. */
async function* walk(folder: string, inner = ''): AsyncIterable<{ path: string; isFile: boolean }> {
  for await (const entry of await opendir(join(folder, inner))) {
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(folder, path);
    else yield { path, isFile: entry.isFile() };
  }
}

function noFile(path: string): PackFault {
  return { code: 'link', path, message: 'it is a link or a device, and a pack has only files' };
}

async function hasInfo(folder: string): Promise<boolean> {
  try {
    await lstat(join(folder, packFiles.info));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function tooMany(): PackUnreadable {
  return new PackUnreadable(`it holds more than ${mostFiles} files, which no pack does`);
}
