import { stringify } from 'csv-stringify/sync';
import { inPieces } from '../in-pieces.ts';
import { guardCell } from './guard-cell.ts';

/** A cell of a row; null and undefined are empty. Numbers of ours are no text of a stranger. */
export type Cell = string | number | null | undefined;

/** Columns and what each holds of a row. */
export type Columns<T> = Readonly<Record<string, (row: T) => Cell>>;

/**
 * Without this mark Excel takes UTF-8 for the code page of the machine and spoils every name that
 * is not ASCII. Who reads CSV without a spreadsheet skips it, or takes the JSON.
 */
const byteOrderMark = '\ufeff';

/** Rows as CSV of RFC 4180 with a header, in pieces. Texts are made harmless here. */
export function writeRows<T>(columns: Columns<T>, rows: AsyncIterable<T>): AsyncIterable<string> {
  return inPieces(renderRows(columns, rows));
}

async function* renderRows<T>(columns: Columns<T>, rows: AsyncIterable<T>): AsyncIterable<string> {
  yield byteOrderMark + line(Object.keys(columns));
  const cells = Object.values(columns);
  for await (const row of rows) yield line(cells.map((cell) => render(cell(row))));
}

function render(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'number' ? String(cell) : guardCell(cell);
}

/** The library's own guard looks at the first character of a cell only, so it is left off. */
function line(cells: readonly string[]): string {
  return stringify([cells], { record_delimiter: 'windows' });
}
