import { statfsSync } from 'node:fs';
import { StoreUnusable } from '../errors.ts';

const megabyte = 1024 * 1024;

/** PostgreSQL begins a file of 16 MB for its log at once, also while it opens or closes. */
export const leastRoom = 24 * megabyte;
/** A new database takes 27 MB. */
const leastRoomForNew = 52 * megabyte;

/** Bytes that this user may still write; undefined where the system does not say. */
export function freeRoom(folder: string): number | undefined {
  try {
    const { bavail, bsize, blocks } = statfsSync(folder);
    return blocks === 0 ? undefined : bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Throws `StoreUnusable` if the disk has too little room to open the database or to make it. */
export function assertRoom(folder: string, isNew: boolean): void {
  const free = freeRoom(folder);
  const least = isNew ? leastRoomForNew : leastRoom;
  if (free === undefined || free >= least) return;
  throw new StoreUnusable(
    folder,
    `cannot be opened: its disk has ${inMegabytes(free)} of free room, and it needs ` +
      `${inMegabytes(least)}; make room and start again: what was recorded is kept`,
  );
}

export function inMegabytes(bytes: number): string {
  return `${Math.floor(bytes / megabyte)} MB`;
}
