import { parse } from 'csv-parse/sync';
import { array, assert, constantFrom, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { eachCsvRow, readCsvRow } from '../../src/inventory/csv/csv-row.ts';

const cell = string({
  unit: constantFrom('a', 'é', '"', ',', ';', '\t', '\n', ' ', '|'),
  maxLength: 6,
});
const row = array(cell, { minLength: 1, maxLength: 4 });

function write(cells: readonly string[], delimiter: string, quotesAll: boolean): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const needsQuotes = (text: string) => quotesAll || /["\n]/.test(text) || text.includes(delimiter);
  return cells.map((text) => (needsQuotes(text) ? quoted(text) : text)).join(delimiter);
}

test.each([',', ';', '\t'])('cells between %j are those that csv-parse reads', (delimiter) => {
  assert(
    property(array(row, { maxLength: 5 }), constantFrom('\n', '\r\n'), (rows, lineEnd) => {
      for (const quotesAll of [true, false]) {
        const text = rows.map((cells) => write(cells, delimiter, quotesAll)).join(lineEnd);
        const bytes = Buffer.from(text);
        const read: (readonly string[])[] = [];
        const broken = eachCsvRow(bytes, { start: 0, delimiter }, (cells, start) => {
          read.push(cells);
          // The slow way, which also gives the places, reads the same.
          expect(readCsvRow(bytes, start, delimiter)).toMatchObject({ cells });
        });
        const expected: string[][] = parse(text, {
          delimiter,
          relax_column_count: true,
          trim: true,
        });
        const trimmed = expected.map((cells) => cells.map((one) => one.trim()));
        expect(broken).toBeUndefined();
        expect(read).toEqual(trimmed.filter((cells) => cells.some((one) => one !== '')));
      }
    }),
    { numRuns: 300 },
  );
});
