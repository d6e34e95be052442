import type { PackFile } from './pack-reader.ts';

/** A tar archive is made of blocks of this size. */
export const tarBlock = 512;

/**
 * The header of a file in the one form that archives of packs have: POSIX ustar, mode 0644, no
 * owner, no time. Throws `RangeError` for a path of over 100 bytes, which no pack has.
 */
export function tarHeader(path: string, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new RangeError(`the path ${path} is too long`);
  const header = Buffer.alloc(tarBlock);
  const put = (text: string, at: number) => header.write(text, at, 'utf8');
  const octal = (number: number, digits: number) => number.toString(8).padStart(digits, '0');
  put(path, 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${octal(size, 11)}\0`, 124);
  put('00000000000\0', 136);
  put('        ', 148);
  put('0', 156);
  put('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  return header;
}

/** The zeros after a file of this size. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((tarBlock - (size % tarBlock)) % tarBlock);
}

/** What ends an archive. */
export const tarEnd = Buffer.alloc(2 * tarBlock);

/**
 * The archive of these files, in pieces. They must come in the order of `comparePaths`, so that the
 * same pack always gives the same bytes.
 */
export async function* writeTar(files: AsyncIterable<PackFile>): AsyncIterable<Uint8Array> {
  for await (const { path, bytes } of files) {
    yield tarHeader(path, bytes.length);
    yield bytes;
    yield tarPadding(bytes.length);
  }
  yield tarEnd;
}
