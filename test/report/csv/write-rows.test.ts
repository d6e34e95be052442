import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardCell } from '../../../src/report/csv/guard-cell.ts';
import { renderRows } from '../../../src/report/csv/write-rows.ts';

type Row = readonly (string | number | null | undefined)[];

const columns = { a: (row: Row) => row[0], b: (row: Row) => row[1], c: (row: Row) => row[2] };
const as = (guard: (text: string) => string) => (row: Row) => renderRows(columns, [row], guard);

test('a parser reads the cells that were written, whatever is in them', () => {
  const text = fc.string({ unit: fc.constantFrom(...'a1_"\n\r,; |=-é😀\u0000'), maxLength: 8 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 3, maxLength: 3 }), (row) => {
      const written = [as((cell) => cell)(row), as(guardCell)(row)];
      const options = { record_delimiter: '\r\n', relax_column_count: false };
      expect(written.map((line) => parse(line, options))).toEqual([[row], [row.map(guardCell)]]);
    }),
  );
});

test('rows with and without quotes keep their order', () => {
  const rows = ['1', '2,', '3,', '4', '"5', '6', '7'].map((first) => [first, 'b', 'c']);
  const written = renderRows(columns, rows, (cell) => cell);
  expect(parse(written, { record_delimiter: '\r\n' })).toEqual(rows);
});

test('only a cell with a comma or a quote is quoted: the guard leaves no line break', () => {
  const line = as((cell) => cell);
  expect(line(['a b', 'it;|s', "'é"])).toBe("a b,it;|s,'é\r\n");
  expect(line(['a,b', 'a"b', 'a']) + as(guardCell)(['a\nb', 'a\rb', ''])).toBe(
    '"a,b","a""b",a\r\na\\u{a}b,a\\u{d}b,\r\n',
  );
});

test('what is not known is an empty cell, and a number needs no guard', () => {
  const line = as(() => 'guarded');
  expect(line([null, undefined, ''])).toBe(',,\r\n');
  expect(line([-1, 'x', null])).toBe('-1,guarded,\r\n');
});
