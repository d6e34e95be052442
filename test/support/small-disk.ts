import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const megabyte = 1024 * 1024;

/** A file system of its own, of fixed size. */
export interface SmallDisk {
  readonly folder: string;
  /** Fills it until so many bytes are free. */
  fill(leaveBytes: number): Promise<void>;
  /** Gives back what `fill` took. */
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/** Needs the right to mount: rejects with the words of `mount` where the system refuses it. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill(leaveBytes) {
      const { bavail, bsize } = await statfs(folder);
      const file = await open(ballast, 'a');
      const piece = Buffer.alloc(megabyte);
      for (let left = bavail * bsize - leaveBytes; left > 0; left -= piece.length) {
        await file.write(piece.subarray(0, Math.min(left, piece.length)));
      }
      await file.close();
    },
    empty: () => rm(ballast, { force: true }),
    async remove() {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
