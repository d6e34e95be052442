import { expect, test } from 'vitest';
import { readJsonList } from '../../src/inventory/json-list.ts';

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

/** Rows of an inventory, and a place in their text that nobody would count by hand. */
const row = (n: number) => ({ source: 'prod', keyId: `key_${n}`, tags: ['a:"b', '{[,\\é'] });
const rows = Array.from({ length: 50_000 }, (_, n) => JSON.stringify(row(n)));

test('a row is placed by its line, whatever its texts hold', () => {
  const list = readJsonList(Buffer.from(`[\n${rows.join(',\n')}\n]`));
  expect(list.locate(49_999, ['keyId'])).toEqual({ line: 50_001, column: 26 });
  expect(list.locate(7, ['tags', 1])).toEqual({ line: 9, column: 50 });
  expect(list.faults).toEqual([]);
});

test('a key that is given twice is found among texts that look like keys', () => {
  const twice = '{"source":"prod", "keyId" :"a\\":", "keyId":":"}';
  const list = readJsonList(Buffer.from(`[${rows.slice(0, 9).join(',\n')},\n ${twice}]`));
  expect(list.faults).toEqual([
    { line: 10, column: 2, path: [9], message: 'one of its keys is given twice' },
  ]);
});

test('a mistake in a row of several megabytes is placed by the start of the row', () => {
  const long = JSON.stringify({ ...row(1), owner: 'a'.repeat(2 * 1024 * 1024) });
  const list = readJsonList(Buffer.from(`[\n ${long}]`));
  expect(list.locate(0, ['owner'])).toEqual({ line: 2, column: 2 });
});

test('lists in lists do not end the reading, however deep they are', () => {
  const depth = 1_000_000;
  const list = readJsonList(Buffer.from(`[5,${'['.repeat(depth)}${']'.repeat(depth)}]`));
  const taken: unknown[] = [];
  list.each((value) => taken.push(Array.isArray(value)));
  expect(taken).toEqual([false, true]);
  expect(list.locate(1, [])).toEqual({ line: 1, column: 4 });
});

test('what is not JSON is placed where the parser says, not where the text says', () => {
  const list = readJsonList(Buffer.from('"at position 9" no'));
  expect(list.faults.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:17']);
  const quoting = readJsonList(Buffer.from('[no, "at position 9"'));
  expect(quoting.faults.map(({ line, column }) => `${line}:${column}`)).toEqual(['1:2']);
});
