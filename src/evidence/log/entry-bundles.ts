import { LogFormatError } from './log-format-error.ts';

/** The most bytes of an entry: its length stands before it in 16 bits. */
export const mostEntryBytes = 65_535;

/** The bytes of a bundle of C2SP tlog-tiles. Throws `LogFormatError` for an entry that is too long. */
export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const parts = entries.flatMap((entry, at) => {
    if (entry.length > mostEntryBytes) {
      const sizes = `has ${entry.length} bytes, more than ${mostEntryBytes}`;
      throw new LogFormatError(`entry ${at} of the bundle`, sizes);
    }
    return [Buffer.of(entry.length >> 8, entry.length & 255), entry];
  });
  return Buffer.concat(parts);
}

/**
 * The entries of a bundle, which must have exactly `width` of them and nothing behind. Throws
 * `LogFormatError`; `where` names the bundle there.
 */
export function parseBundle(bytes: Uint8Array, width: number, where: string): Buffer[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Buffer[] = [];
  let at = 0;
  while (at < whole.length) {
    if (entries.length === width) {
      throw new LogFormatError(where, `has bytes behind its ${width} entries`);
    }
    const length = at + 2 <= whole.length ? whole.readUInt16BE(at) : Number.NaN;
    const end = at + 2 + length;
    if (!(end <= whole.length)) {
      throw new LogFormatError(where, `ends within entry ${entries.length}`);
    }
    entries.push(whole.subarray(at + 2, end));
    at = end;
  }
  if (entries.length < width) {
    throw new LogFormatError(where, `has ${entries.length} entries, not ${width}`);
  }
  return entries;
}
