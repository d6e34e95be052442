import { realpath, stat } from 'node:fs/promises';

/**
 * A text that changes whenever one of the files changes: it is written in place, replaced by
 * another, reached through a link that was moved, removed, or back. The time of the last change of
 * status counts too, because some tools set back the time of the last change.
 */
export async function stampFiles(files: readonly string[]): Promise<string> {
  const stamps: string[] = [];
  for (const file of files) stamps.push(await stampFile(file));
  return stamps.join('\n');
}

async function stampFile(file: string): Promise<string> {
  try {
    const target = await realpath(file);
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(target, { bigint: true });
    return [target, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unreadable';
  }
}
