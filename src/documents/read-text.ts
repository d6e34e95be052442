import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';

export interface NotRead {
  readonly ok: false;
  readonly why: string;
  /** What is wrong with the file: its size, its text, that it is not there, or not to be read. */
  readonly fault: 'size' | 'text' | 'absent' | 'access';
}
export type FileRead<T> = ({ readonly ok: true } & T) | NotRead;
export type BytesRead = FileRead<{ readonly bytes: Buffer }>;
type TextRead = FileRead<{ readonly text: string }>;

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
 * Reads a regular file of at most `maxBytes` of UTF-8 text, without its byte order mark. `decode`
 * makes such text of another one. Returns the reason if that fails; throws nothing.
 */
export async function readBytes(
  path: string,
  maxBytes: number,
  decode: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<BytesRead> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat().then(checkKind);
      return size > maxBytes
        ? tooLarge(maxBytes)
        : check(decode(await readAtMost(file, maxBytes, size)), maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    return notReadFor(error);
  }
}

/** As `readBytes`, decoded. */
export async function readText(path: string, maxBytes: number): Promise<TextRead> {
  const read = await readBytes(path, maxBytes);
  return read.ok ? { ok: true, text: read.bytes.toString('utf8') } : read;
}

export function checkKind<T extends { isDirectory(): boolean; isFile(): boolean }>(stat: T): T {
  if (stat.isDirectory()) throw new NotReadable('it is a folder');
  if (!stat.isFile()) throw new NotReadable('it is not a regular file');
  return stat;
}

/** Some files state no size (those under /proc) and some grow: reads at most one byte too many. */
async function readAtMost(file: FileHandle, maxBytes: number, size: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (let wanted = size + 1; total <= maxBytes; wanted = 64 * 1024) {
    const chunk = Buffer.alloc(Math.min(wanted, maxBytes + 1 - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, total);
}

export const byteOrderMark = Buffer.from('\uFEFF');

export const notUtf8: NotRead = { ok: false, fault: 'text', why: 'it is not text in UTF-8' };
export const holdsNul: NotRead = { ok: false, fault: 'text', why: 'it holds a NUL character' };

function check(bytes: Buffer, maxBytes: number): BytesRead {
  if (bytes.length > maxBytes) return tooLarge(maxBytes);
  if (!isUtf8(bytes)) return notUtf8;
  if (bytes.includes(0)) return holdsNul;
  const marked = bytes.subarray(0, 3).equals(byteOrderMark);
  return { ok: true, bytes: marked ? bytes.subarray(3) : bytes };
}

export function tooLarge(maxBytes: number): NotRead {
  const mega = 1024 * 1024;
  const size = maxBytes < mega ? `${maxBytes / 1024} kB` : `${maxBytes / mega} MB`;
  return { ok: false, fault: 'size', why: `it is larger than ${size}` };
}

class NotReadable extends Error {}

export function notReadFor(error: unknown): NotRead {
  if (error instanceof NotReadable) return { ok: false, fault: 'access', why: error.message };
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  const fault = code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'access';
  return { ok: false, fault, why: reasons[code] ?? code };
}
