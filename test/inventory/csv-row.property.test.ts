import { parse } from 'csv-parse/sync';
import { array, assert, asyncProperty, constantFrom, integer, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { bytesInMemory } from '../../src/documents/text-bytes.ts';
import { eachCsvRow, readCsvRow } from '../../src/inventory/csv/csv-row.ts';
import { eachRowOfText, readRowAt } from '../../src/inventory/csv/csv-text.ts';

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
        const { broken } = eachCsvRow(bytes, { start: 0, delimiter }, (cells, start) => {
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

test('a text that is read in parts has the rows of the whole text, broken ones too', async () => {
  const anyText = string({
    unit: constantFrom('a', 'é', '😀', '"', ',', '\n', '\r\n', ' ', '"a"'),
    maxLength: 60,
  });
  await assert(
    asyncProperty(anyText, integer({ min: 1, max: 20 }), async (content, part) => {
      const bytes = Buffer.from(content);
      const text = bytesInMemory(bytes);
      const [whole, inParts]: [[readonly string[], number][], [readonly string[], number][]] = [
        [],
        [],
      ];
      const dialect = { start: 0, delimiter: ',' };
      const { broken } = eachCsvRow(bytes, dialect, (cells, start) => whole.push([cells, start]));
      const found = await eachRowOfText(
        text,
        dialect,
        (cells, start) => inParts.push([cells, start]),
        part,
      );
      expect(inParts).toEqual(whole);
      expect(found).toEqual(broken);
      for (const [cells, start] of whole) {
        expect(readRowAt(text, start, ',')).toMatchObject({ cells });
      }
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a row of 1,000,000 bytes is read', 999_990, undefined],
  [
    'a longer one is not',
    1_000_010,
    { start: 4, message: expect.stringMatching(/longer than 1 MB/) },
  ],
])('in parts, %s', async (_, length, broken) => {
  const bytes = Buffer.from(`a,b\n"${'x'.repeat(length)}",y\nc,d\n`);
  const rows: number[] = [];
  const take = (cells: readonly string[]) => void rows.push(cells.length);
  const dialect = { start: 0, delimiter: ',' };
  expect(await eachRowOfText(bytesInMemory(bytes), dialect, take)).toEqual(broken);
  expect(rows).toEqual(broken === undefined ? [2, 2, 2] : [2]);
});
