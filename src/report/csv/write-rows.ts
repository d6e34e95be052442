import { stringify } from 'csv-stringify/sync';
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
  return byteOrderMark + line(Object.keys(columns));
}

/** Renders rows as one line each. `guard` makes each text safe. */
export function lineWriter<T>(columns: Columns<T>, guard: Guard): (row: T) => string {
  const cells = Object.values(columns);
  return (row) => line(cells.map((cell) => render(cell(row), guard)));
}

function render(cell: Cell, guard: Guard): string {
  if (cell === null || cell === undefined || cell === '') return '';
  return typeof cell === 'number' ? String(cell) : guard(cell);
}

/** The library's own guard checks only the first character of a cell, so it is off. */
function line(cells: readonly string[]): string {
  return stringify([cells], { record_delimiter: 'windows' });
}
