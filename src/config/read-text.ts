import { open } from 'node:fs/promises';

export type TextRead =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** keysweep.yaml and policy.yaml are written by people. */
export const mostConfigBytes = 1024 * 1024;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * The text of a regular file of at most `maxBytes`, in UTF-8; a byte order mark is left out. What
 * hinders that comes back in words; nothing is thrown.
 */
export async function readText(path: string, maxBytes: number): Promise<TextRead> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat().then(checkKind);
      if (size > maxBytes) return { ok: false, why: tooLarge(maxBytes) };
      return decode(await readAtMost(file, maxBytes), maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    return { ok: false, why: reasonOf(error) };
  }
}

function checkKind<T extends { isDirectory(): boolean; isFile(): boolean }>(stat: T): T {
  if (stat.isDirectory()) throw new NotReadable('it is a folder');
  if (!stat.isFile()) throw new NotReadable('it is not a regular file');
  return stat;
}

/** Some files state no size (those under /proc): at most one byte too many is read. */
async function readAtMost(file: Awaited<ReturnType<typeof open>>, maxBytes: number) {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of file.createReadStream({ autoClose: false, end: maxBytes })) {
    chunks.push(chunk as Buffer);
    total += (chunk as Buffer).length;
  }
  return Buffer.concat(chunks, total);
}

function decode(bytes: Buffer, maxBytes: number): TextRead {
  if (bytes.length > maxBytes) return { ok: false, why: tooLarge(maxBytes) };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.includes('\0')) return { ok: false, why: 'it holds a NUL character' };
    return { ok: true, text };
  } catch {
    return { ok: false, why: 'it is not text in UTF-8' };
  }
}

function tooLarge(maxBytes: number): string {
  const mega = 1024 * 1024;
  const size = maxBytes < mega ? `${maxBytes / 1024} kB` : `${maxBytes / mega} MB`;
  return `it is larger than ${size}`;
}

class NotReadable extends Error {}

function reasonOf(error: unknown): string {
  if (error instanceof NotReadable) return error.message;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return reasons[code] ?? code;
}
