/** Pieces are gathered to about this many characters: one write a row would be slow. */
const pieceSize = 16_384;

/** The same text in fewer pieces, which stay small: whoever writes them waits after each. */
export async function* inPieces(parts: AsyncIterable<string>): AsyncIterable<string> {
  let piece = '';
  for await (const part of parts) {
    piece += part;
    if (piece.length < pieceSize) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
