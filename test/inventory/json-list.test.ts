import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJsonList } from '../../src/inventory/json-list.ts';

function readAtOnce(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readByRows(text: string) {
  const rows: unknown[] = [];
  const list = readJsonList(Buffer.from(text));
  list.each((row) => rows.push(row));
  return { rows, faults: list.faults.map(({ message }) => message) };
}

const list = fc
  .tuple(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(undefined, 1, '\t'))
  .map(([values, space]) => JSON.stringify(values, null, space));
const mangled = fc
  .tuple(
    list,
    fc.nat(200),
    fc.nat(2),
    fc.oneof(
      fc.constantFrom(
        ',',
        '[',
        ']',
        '{',
        '}',
        '"',
        '\\',
        ' ',
        '\n',
        '\u00a0',
        '\u000b',
        '1',
        '"a":1',
      ),
      fc.string({ maxLength: 2 }),
    ),
  )
  .map(([text, place, cut, put]) => {
    const at = place % (text.length + 1);
    return Buffer.from(text.slice(0, at) + put + text.slice(at + cut)).toString();
  });

test('rows parsed one by one say the same as the text parsed at once', () => {
  fc.assert(
    fc.property(list, (text) => {
      expect(readByRows(text)).toStrictEqual({ rows: JSON.parse(text), faults: [] });
    }),
    { numRuns: 300 },
  );
});

test('what is no JSON at once is none by rows', () => {
  fc.assert(
    fc.property(mangled, (text) => {
      const value = readAtOnce(text);
      const { rows, faults } = readByRows(text);
      if (value === undefined) expect(faults).toContain('this is not valid JSON');
      else if (!Array.isArray(value)) expect(faults).toEqual(['must be a list of keys']);
      else {
        expect(rows).toStrictEqual(value);
        expect(faults).not.toContain('this is not valid JSON');
      }
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['[{"a":1},\n {"a":}]', '2:2'],
  ['[1,\n 2]\n 3', '3:2'],
  ['[1,\n ,2]', '2:2'],
  ['[1\n,]', '2:2'],
  ['[1,\n 2}', '2:3'],
  ['[1,\n 2 \n', '2:3'],
  ['[1,\n', '1:4'],
  ['[', '1:2'],
  ['{', '1:2'],
])('says where %j stops being JSON', (text, place) => {
  const read = readJsonList(Buffer.from(text));
  read.each(() => undefined);
  expect(read.faults.map(({ line, column }) => `${line}:${column}`)).toEqual([place]);
});
