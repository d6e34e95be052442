import { pieceSize } from '../in-pieces.ts';
import { guardCell } from './guard-cell.ts';

/** The value of a cell; null and undefined give an empty cell. Numbers need no guard. */
export type Cell = string | number | null | undefined;

/** Column names, each with a function that reads the value from a row. */
export type Columns<T> = Readonly<Record<string, (row: T) => Cell>>;

type Guard = (text: string) => string;

/**
 * Without this mark, Excel reads UTF-8 as the local code page and corrupts non-ASCII names. Other
 * CSV readers can skip it, or use the JSON.
 */
const byteOrderMark = '\ufeff';

/** Renders rows as CSV (RFC 4180) with a header, in pieces. Guards every text. */
export async function* writeRows<T>(
  columns: Columns<T>,
  rows: AsyncIterable<T>,
): AsyncIterable<string> {
  const lineOf = lineWriter(columns, guardCell);
  let piece = renderColumnNames(columns);
  for await (const row of rows) {
    piece += lineOf(row);
    if (piece.length < pieceSize) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** The first line of a file. */
export function renderColumnNames<T>(columns: Columns<T>): string {
  return `${byteOrderMark}${Object.keys(columns).map(quote).join(',')}\r\n`;
}

/** Renders rows as one line each. `guard` makes each text safe. */
export function lineWriter<T>(columns: Columns<T>, guard: Guard): (row: T) => string {
  const [first = () => undefined, ...others] = Object.values(columns);
  return (row) => {
    let line = render(first(row), guard);
    for (const cell of others) line += `,${render(cell(row), guard)}`;
    return `${line}\r\n`;
  };
}

function render(cell: Cell, guard: Guard): string {
  if (cell === null || cell === undefined || cell === '') return '';
  return typeof cell === 'number' ? String(cell) : quote(guard(cell));
}

const quoted = /[",\r\n]/;

function quote(text: string): string {
  return quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
