import type { Fault } from '../../documents/mistake.ts';
import { countColumns, saveAgain } from './csv-heading.ts';
import { readCsvRow } from './csv-row.ts';

/** How the cells of a file are separated, and the offset in bytes of its header. */
export interface Dialect {
  readonly delimiter: string;
  readonly start: number;
  readonly faults: readonly Fault[];
}

/** Spreadsheets write a semicolon where the comma stands in decimal numbers. */
const delimiterNames: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
};

export function nameDelimiter(delimiter: string): string {
  return delimiterNames[delimiter] ?? delimiter;
}

const separatorLine = /^"?sep=(.?)"?[,;\t]*\r?$/i;

/**
 * Finds what separates the cells: what a first line `sep=` says, as Excel writes it; else the one
 * that makes most column names of the header. A comma where nothing does.
 */
export function readDialect(bytes: Buffer): Dialect {
  const found = bytes.indexOf('\n');
  const lineEnd = found === -1 ? bytes.length : found;
  const said = separatorLine.exec(bytes.toString('utf8', 0, Math.min(lineEnd, 200)));
  if (said === null) return { delimiter: guess(bytes), start: 0, faults: [] };
  const [, delimiter = ''] = said;
  const faults = Object.hasOwn(delimiterNames, delimiter) ? [] : [strangeDelimiter];
  return { delimiter, start: lineEnd + 1, faults };
}

const strangeDelimiter: Fault = {
  line: 1,
  column: 1,
  path: ['(header)'],
  message: `columns can be separated by a comma, a semicolon or a tab; ${saveAgain}`,
};

function guess(bytes: Buffer): string {
  const counts = Object.keys(delimiterNames).map((delimiter) => ({
    delimiter,
    columns: countColumns(firstRow(bytes, delimiter)),
  }));
  const best = Math.max(...counts.map(({ columns }) => columns));
  return counts.find(({ columns }) => columns === best)?.delimiter ?? ',';
}

function firstRow(bytes: Buffer, delimiter: string): readonly string[] {
  for (let at = 0; at < bytes.length; ) {
    const row = readCsvRow(bytes, at, delimiter);
    if (typeof row === 'string') return [];
    if (row.cells.some((cell) => cell !== '')) return row.cells;
    at = row.end;
  }
  return [];
}
