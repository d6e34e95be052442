/** The bytes of a text in UTF-8, in memory or in a file. */
export interface TextBytes {
  readonly length: number;
  /** The bytes from an offset to another; those behind the end are left out. */
  slice(start: number, end: number): Buffer;
}

export function bytesInMemory(bytes: Buffer): TextBytes {
  return { length: bytes.length, slice: (start, end) => bytes.subarray(start, end) };
}
