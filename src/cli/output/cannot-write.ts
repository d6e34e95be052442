import { CommandFailed } from '../terminal.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied for it or its folder',
  EPERM: 'permission denied for it or its folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EPIPE: 'the reader closed the pipe',
  ENXIO: 'it is a socket, or nothing answers there',
  EBUSY: 'it is mounted or in use',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the device failed',
};

/** Makes a system error about writing to `name` one line: what failed, why, and the code. */
export function cannotWrite(name: string): (error: unknown) => never {
  return (error) => {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CommandFailed || code === undefined) throw error;
    const why = reasons[code];
    throw new CommandFailed(`${name}: cannot be written${why ? `: ${why}` : ''} (${code})`);
  };
}
