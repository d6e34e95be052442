import { once } from 'node:events';
import { constants, createGzip, type Gzip } from 'node:zlib';

/**
 * What a compressed pack begins with: no time, no name, and no system, which zlib would write there.
 * So the same pack gives the same bytes everywhere.
 */
export const gzipHead = Buffer.from('1f8b08000000000000ff', 'hex');

/**
 * So many bytes of an archive are passed on before the next are there: whoever sends a pack has
 * something to send while the rest is made. The number is fixed, because it shows in the bytes.
 */
const flushedBytes = 1_024;

/** Compresses an archive. What it takes from `pieces` is given back when its own user stops. */
export async function* gzipPack(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gzip = createGzip();
  const feed = feedStream(pieces, gzip);
  // The failure is thrown when the output ends.
  feed.catch((error: Error) => gzip.destroy(error));
  let skipped = 0;
  for await (const piece of gzip as AsyncIterable<Buffer>) {
    if (skipped === 0) yield gzipHead;
    const skip = Math.min(gzipHead.length - skipped, piece.length);
    skipped += skip;
    if (skip < piece.length) yield piece.subarray(skip);
  }
  await feed;
}

async function feedStream(pieces: AsyncIterable<Uint8Array>, gzip: Gzip): Promise<void> {
  let fed = 0;
  for await (const piece of pieces) {
    const left = Math.max(0, flushedBytes - fed);
    fed += piece.length;
    if (left > 0 && fed >= flushedBytes) {
      await feedPiece(gzip, piece.subarray(0, left));
      gzip.flush(constants.Z_SYNC_FLUSH);
      if (left < piece.length) await feedPiece(gzip, piece.subarray(left));
    } else await feedPiece(gzip, piece);
    // Leaving the loop closes what gives the pieces.
    if (gzip.destroyed) return;
  }
  gzip.end();
}

async function feedPiece(gzip: Gzip, piece: Uint8Array): Promise<void> {
  if (gzip.destroyed || gzip.write(piece)) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(gzip, 'drain', { signal }), once(gzip, 'close', { signal })]);
  waiting.abort();
}
