/** The approximate size of a piece, in characters: one write per row would be slow. */
export const pieceSize = 65_536;

/** Joins small parts into larger pieces. They stay small enough to wait for after each write. */
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
