/** The body of an answer, as it comes in. */
export interface CollectedBody {
  /** How many bytes have come. */
  bytes(): number;
  add(piece: Buffer): void;
  whole(): Buffer;
}

const mostPieces = 256;

/**
 * Joins small pieces early. Each costs a hundred bytes, and keeps all in memory that was read from
 * the connection with it: a megabyte in pieces of one byte would take a hundred or more.
 */
export function collectBody(): CollectedBody {
  const joined: Buffer[] = [];
  let pieces: Buffer[] = [];
  let bytes = 0;
  return {
    bytes: () => bytes,
    add(piece) {
      bytes += piece.length;
      pieces.push(piece);
      if (pieces.length < mostPieces) return;
      joined.push(Buffer.concat(pieces));
      pieces = [];
    },
    whole: () => Buffer.concat([...joined, ...pieces]),
  };
}
