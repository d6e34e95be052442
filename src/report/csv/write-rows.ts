import { stringify } from 'csv-stringify/sync';
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

/** One call of the library for each row that it quotes would take twice as long. */
const rowsAtOnce = 100;

/** Renders rows as CSV (RFC 4180) with a header, in pieces. Guards every text. */
export async function* writeRows<T>(
  columns: Columns<T>,
  rows: AsyncIterable<T>,
): AsyncIterable<string> {
  yield renderColumnNames(columns);
  let waiting: T[] = [];
  for await (const row of rows) {
    waiting.push(row);
    if (waiting.length < rowsAtOnce) continue;
    yield renderRows(columns, waiting, guardCell);
    waiting = [];
  }
  if (waiting.length > 0) yield renderRows(columns, waiting, guardCell);
}

/** The first line of a file. */
export function renderColumnNames<T>(columns: Columns<T>): string {
  return byteOrderMark + lines([Object.keys(columns)]);
}

/** Renders rows as one line each. `guard` makes each text safe. */
export function renderRows<T>(columns: Columns<T>, rows: readonly T[], guard: Guard): string {
  const cells = Object.values(columns);
  return lines(rows.map((row) => cells.map((cell) => render(cell(row), guard))));
}

function render(cell: Cell, guard: Guard): string {
  if (cell === null || cell === undefined || cell === '') return '';
  return typeof cell === 'number' ? String(cell) : guard(cell);
}

/** What a cell is quoted for. Most rows have none of it, and are their cells between commas. */
const quotable = /[",\r\n]/;

const endOfLine = '\r\n';

function lines(rows: readonly (readonly string[])[]): string {
  let text = '';
  let quoted: (readonly string[])[] = [];
  for (const cells of rows) {
    if (cells.some((cell) => quotable.test(cell))) {
      quoted.push(cells);
      continue;
    }
    text += `${quote(quoted)}${cells.join(',')}${endOfLine}`;
    quoted = [];
  }
  return text + quote(quoted);
}

/**
 * The library takes several times as long as what it does for most rows: `lines` gives it only those
 * that need it, and as many as follow each other in one call. Its own guard checks only the first
 * character of a cell, so it is off.
 */
function quote(rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : stringify([...rows], { record_delimiter: 'windows' });
}
