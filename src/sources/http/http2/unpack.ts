import { brotliDecompress, unzip } from 'node:zlib';
import { largestBodyBytes } from '../reply.ts';

const unpackers = { gzip: unzip, deflate: unzip, br: brotliDecompress };
type Encoding = keyof typeof unpackers;
type Unpacker = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, unpacked: Buffer) => void,
) => void;

export const isPacked = (encoding: unknown): encoding is Encoding =>
  typeof encoding === 'string' && Object.hasOwn(unpackers, encoding);

/** Unpacks a body that was compressed unasked. */
export function unpack(
  body: Buffer,
  encoding: Encoding,
  done: (body: Buffer | undefined, fault: 'cut' | 'oversized' | undefined) => void,
): void {
  const unpacker: Unpacker = unpackers[encoding];
  unpacker(body, { maxOutputLength: largestBodyBytes }, (error, unpacked) => {
    const { code } = (error ?? {}) as { code?: string };
    if (error === null) done(unpacked, undefined);
    else done(undefined, code === 'ERR_BUFFER_TOO_LARGE' ? 'oversized' : 'cut');
  });
}
