import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardCell } from '../../../src/report/csv/guard-cell.ts';

describe('a cell that a spreadsheet would take for a formula', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['﹦1', "'﹦1"],
    ['−1', "'−1"],
    [' =1', " '=1"],
    ['"=1', '"\'=1'],
    ['a;=1', "a;'=1"],
    ['a; "=1"', 'a; "\'=1"'],
    ['a|-2|@b', "a|'-2|'@b"],
    ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ])('%j is written %j', (text, written) => {
    expect(guardCell(text)).toBe(written);
  });

  test('does not begin one with a tab or a line break: these are shown', () => {
    expect(guardCell('\t=1')).toBe('\\u{9}=1');
    expect(guardCell('\r=1')).toBe('\\u{d}=1');
    expect(guardCell('a\n=1')).toBe('a\\u{a}=1');
  });
});

test.each(['key_abc123', 'a-b', 'a=b', 'charges:*', 'x@y.example', '支払い', "it's", '1 - 2', ''])(
  '%j is left as it is',
  (text) => {
    expect(guardCell(text)).toBe(text);
  },
);

test('whatever the text, no part of it begins with the sign of a formula', () => {
  const unit = fc.constantFrom(...'=+-@＝＋－＠;|" \t\r\n\u0000\u202ea');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
      for (const part of guardCell(text).split(/[;|]/)) {
        expect(part.replace(/^[\s"]+/, '')).not.toMatch(/^[=+\-@＝＋－＠]/);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('the guard of the CSV library sees less, which is why it is not relied on', () => {
  const written = stringify([[' =1', 'a;=1', '﹦1']], { escape_formulas: true });
  expect(written).toBe(' =1,a;=1,﹦1\n');
});
