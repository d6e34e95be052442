import { createGzip } from 'node:zlib';

/**
 * What a compressed pack begins with: no time, no name, and no system, which zlib would write there.
 * So the same pack gives the same bytes everywhere.
 */
export const gzipHead = Buffer.from('1f8b08000000000000ff', 'hex');

/** Compresses an archive. */
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

async function feedStream(
  pieces: AsyncIterable<Uint8Array>,
  gzip: ReturnType<typeof createGzip>,
): Promise<void> {
  for await (const piece of pieces) {
    if (gzip.write(piece)) continue;
    await new Promise<void>((resolve) => {
      gzip.once('drain', resolve);
      gzip.once('close', resolve);
    });
  }
  gzip.end();
}
