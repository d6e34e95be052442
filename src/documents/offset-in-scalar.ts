import type { Scalar } from 'yaml';

/** A piece of a scalar's written text, and the number of characters that it adds to the value. */
interface Piece {
  readonly at: number;
  readonly units: number;
}

/**
 * The offset in a document of the character at `offset` in a scalar's value. The written text
 * differs from the value only by white space (folded, indented) and by escapes, so this counts the
 * other characters in both. White space itself is placed after the character before it.
 */
export function offsetInScalar(document: string, scalar: Scalar, offset: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const value = String(scalar.value);
  const before = solidUnits(value.slice(0, offset));
  const isSolid = offset < value.length && !isSpace(value.charAt(offset));

  let seen = 0;
  let behind = start;
  for (const { at, units } of pieces(document, scalar, start, end)) {
    if (isSolid && seen + units > before) return at;
    if (!isSolid && seen >= before) break;
    seen += units;
    behind = at + 1;
  }
  return behind;
}

function solidUnits(text: string): number {
  return text.replace(/\s/g, '').length;
}

function isSpace(text: string): boolean {
  return /^\s*$/.test(text);
}

/** The pieces of a scalar's text that mean something other than white space. */
function* pieces(document: string, { type }: Scalar, start: number, end: number): Generator<Piece> {
  const isBlock = type === 'BLOCK_FOLDED' || type === 'BLOCK_LITERAL';
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const from = isBlock ? document.indexOf('\n', start) + 1 : start + Number(isQuoted);
  const to = isQuoted ? end - 1 : end;
  for (let at = from; at < to; ) {
    const written = pieceAt(document, at, type);
    const meant = type === 'QUOTE_DOUBLE' ? meaningOf(written) : written.charAt(0);
    if (!isSpace(meant)) yield { at, units: meant.length };
    at += written.length;
  }
}

/** The lengths of escapes that are longer than two characters. */
const lengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** The characters whose escapes mean white space; an escaped line end means nothing at all. */
const spaces = 'ntrvfLP_ \t\n\r';

function pieceAt(document: string, at: number, type: Scalar['type']): string {
  const sign = document.charAt(at);
  if (type === 'QUOTE_SINGLE' && sign === "'") return "''";
  if (type !== 'QUOTE_DOUBLE' || sign !== '\\') return sign;
  return document.slice(at, at + (lengths[document.charAt(at + 1)] ?? 2));
}

/** What a piece of a double-quoted scalar means; exact only in its length and as white space. */
function meaningOf(piece: string): string {
  if (piece.length > 2) return String.fromCodePoint(Number.parseInt(piece.slice(2), 16));
  const sign = piece.charAt(piece.length - 1);
  return piece.length === 2 && spaces.includes(sign) ? ' ' : sign;
}
