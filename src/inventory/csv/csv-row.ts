const quote = 0x22;
const lineFeed = 0x0a;
const longestRow = 1_000_000;

/** A row of CSV. `offsets`: where each cell begins in the bytes; `end`: where the next row begins. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly offsets: readonly number[];
  readonly end: number;
}

/** Why a row and what follows it can't be read. */
export interface BrokenRow {
  readonly start: number;
  readonly message: string;
}

export type TakeRow = (cells: readonly string[], start: number) => void;

export interface RowsRead {
  /** Where the reading ended. */
  readonly next: number;
  /** The fault that ended it. */
  readonly broken?: BrokenRow;
}

/**
 * Passes each row that is not empty to `take`, with its offset in bytes: quoting as in RFC 4180, LF
 * or CRLF, space around cells dropped, within quotes too. `goesOn`: these bytes are only a part of
 * the text, so the reading ends before a row that their end may have cut.
 */
export function eachCsvRow(
  bytes: Buffer,
  { start, delimiter, goesOn = false }: RowsToRead,
  take: TakeRow,
): RowsRead {
  let nextQuote = -1;
  let at = start;
  while (at < bytes.length) {
    const lineEnd = endOfLine(bytes, at);
    if (nextQuote < at) nextQuote = orEnd(bytes, bytes.indexOf(quote, at));
    // Most rows hold no quote, and splitting those takes a tenth of the time.
    const row =
      nextQuote > lineEnd
        ? splitLine(bytes, at, lineEnd, delimiter)
        : readCsvRow(bytes, at, delimiter);
    if (isCut(row, bytes, goesOn)) break;
    if (typeof row === 'string') return { next: at, broken: { start: at, message: row } };
    takeFilled(row.cells, at, take);
    at = row.end;
  }
  return { next: at };
}

interface RowsToRead {
  readonly start: number;
  readonly delimiter: string;
  readonly goesOn?: boolean;
}

/** Without its line end, a row may go on; one that can't be read may be right when it is whole. */
function isCut(row: Pick<CsvRow, 'end'> | string, bytes: Buffer, goesOn: boolean): boolean {
  return goesOn && (typeof row === 'string' || row.end > bytes.length);
}

function takeFilled(cells: readonly string[], start: number, take: TakeRow): void {
  if (cells.some((cell) => cell !== '')) take(cells, start);
}

function splitLine(bytes: Buffer, start: number, lineEnd: number, delimiter: string) {
  if (lineEnd - start > longestRow) return tooLong;
  const cells = bytes.toString('utf8', start, lineEnd).split(delimiter).map(trim);
  return { cells, end: lineEnd + 1 };
}

const tooLong = 'this row is longer than 1 MB; a quote may not be closed';

/** Reads the row at an offset, cell by cell; returns what is wrong with it. */
export function readCsvRow(bytes: Buffer, start: number, delimiter: string): CsvRow | string {
  const cells: string[] = [];
  const offsets: number[] = [];
  for (let at = start; ; at += 1) {
    const offset = skipBlanks(bytes, at, delimiter);
    const cell =
      bytes[offset] === quote
        ? quotedCell(bytes, offset, delimiter)
        : plainCell(bytes, offset, delimiter);
    if (typeof cell === 'string') return cell;
    if (cell.end - start > longestRow) return tooLong;
    cells.push(trim(cell.text));
    offsets.push(offset);
    if (bytes[cell.end] !== delimiter.charCodeAt(0)) return { cells, offsets, end: cell.end + 1 };
    at = cell.end;
  }
}

function quotedCell(bytes: Buffer, start: number, delimiter: string) {
  let close = start;
  do {
    close = bytes.indexOf(quote, close + 1);
    if (close === -1) return 'a quote that opens in this row is not closed';
    if (close - start > longestRow) return tooLong;
  } while (bytes[close + 1] === quote && close++);
  const end = skipBlanks(bytes, close + 1, delimiter, true);
  if (end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== delimiter.charCodeAt(0)) {
    return 'a quoted field of this row goes on after its closing quote';
  }
  return { text: bytes.toString('utf8', start + 1, close).replaceAll('""', '"'), end };
}

function plainCell(bytes: Buffer, start: number, delimiter: string) {
  const line = bytes.subarray(start, endOfLine(bytes, start));
  const end = start + orEnd(line, line.indexOf(delimiter));
  const text = bytes.toString('utf8', start, end);
  return text.includes('"')
    ? 'a field of this row holds a quote but does not begin with one'
    : { text, end };
}

/** The offset of what follows blanks; a blank that separates cells is none. */
function skipBlanks(bytes: Buffer, start: number, delimiter: string, orReturn = false): number {
  let at = start;
  while (isBlank(bytes[at], delimiter) || (orReturn && bytes[at] === 0x0d)) at++;
  return at;
}

function isBlank(byte: number | undefined, delimiter: string): boolean {
  return byte === 0x20 || (byte === 0x09 && delimiter !== '\t');
}

function endOfLine(bytes: Buffer, start: number): number {
  return orEnd(bytes, bytes.indexOf(lineFeed, start));
}

function orEnd(bytes: Buffer, found: number): number {
  return found === -1 ? bytes.length : found;
}

/** Drops white space of ASCII. `String.trim` would also drop invisible characters, unreported. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

/** A blank, or tab to carriage return. */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
