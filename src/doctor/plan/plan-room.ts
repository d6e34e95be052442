import { type Line, warning, well } from '../line.ts';

const leastBytes = 200 * 1024 * 1024;

/** Judges the free room on the disk of the embedded store. */
export function planRoom(freeBytes: number, folder: string): Line {
  const free = `${Math.floor(freeBytes / (1024 * 1024))} MB free for ${folder}`;
  if (freeBytes >= leastBytes) return well('room', free);
  return warning('room', free, 'free some disk space; a full disk stops the store');
}
