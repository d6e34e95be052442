import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { comparePaths } from '../pack-files/pack-paths.ts';
import { type PackFault, type PackReader, PackUnreadable } from '../pack-files/pack-reader.ts';
import { mostFileBytes, mostFiles, oversized } from './limits.ts';

/** A pack in a folder. Follows no link. */
export async function readFolder(folder: string): Promise<PackReader> {
  const paths: string[] = [];
  const faults: PackFault[] = [];
  for await (const { path, isFile } of walk(folder)) {
    if (!isFile) faults.push(noFile(path));
    else if ((await lstat(join(folder, path))).size > mostFileBytes) faults.push(oversized(path));
    else paths.push(path);
    if (paths.length + faults.length > mostFiles) throw tooMany(folder);
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
  for (const entry of await readdir(join(folder, inner), { withFileTypes: true })) {
    const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(folder, path);
    else yield { path, isFile: entry.isFile() };
  }
}

function noFile(path: string): PackFault {
  return { code: 'link', path, message: 'it is a link or a device, and a pack has only files' };
}

function tooMany(folder: string): PackUnreadable {
  return new PackUnreadable(`${folder} holds more than ${mostFiles} files: it is no pack`);
}
