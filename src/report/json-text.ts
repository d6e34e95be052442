import { pieceSize } from './in-pieces.ts';

/**
 * The characters that JSON leaves unescaped but a terminal obeys or hides: DEL and the C1 controls,
 * direction marks, invisible and format characters. They occur only inside strings, so escaping
 * them keeps the meaning. JSON itself escapes everything below U+0020.
 */
const unsafe = /[\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}/gu;

/** Whether a text may hold one of those: found ten times sooner than which. */
const beyondAscii = /[^\n -~]/;

/** Renders a value as JSON that is safe to show in a terminal. */
export function jsonText(value: unknown, spaces?: number): string {
  return escapeUnsafe(JSON.stringify(value, null, spaces));
}

/**
 * Renders an array as JSON in pieces, one row per line; `indent` goes before the closing bracket.
 * `toRow` makes what is rendered of each value.
 */
export async function* jsonList<T extends object>(
  values: AsyncIterable<T> | readonly T[],
  indent: string,
  toRow: (value: T) => object = (value) => value,
): AsyncIterable<string> {
  let piece = '';
  let before = `[\n${indent}  `;
  for await (const value of values) {
    piece += before + JSON.stringify(toRow(value));
    before = `,\n${indent}  `;
    if (piece.length < pieceSize) continue;
    yield escapeUnsafe(piece);
    piece = '';
  }
  const isEmpty = before.startsWith('[');
  yield escapeUnsafe(piece) + (isEmpty ? '[]' : `\n${indent}]`);
}

function escapeUnsafe(json: string): string {
  return beyondAscii.test(json) ? json.replace(unsafe, escapeUnits) : json;
}

function escapeUnits(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
