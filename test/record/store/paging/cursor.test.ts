import { expect, test } from 'vitest';
import { z } from 'zod';
import { RequestRefused } from '../../../../src/record/store/errors.ts';
import { createCursors, placeText } from '../../../../src/record/store/paging/cursor.ts';
import { toPage } from '../../../../src/record/store/paging/page.ts';

const cursors = createCursors<readonly [string, number]>('things', z.tuple([placeText, z.int()]));

test('a cursor gives back its place, whatever the names are', () => {
  for (const name of ['a', '', 'naïve "key" \\ 😀', "'; drop table x", 'x'.repeat(2_000)]) {
    const cursor = cursors.write([name, 7]);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(cursors.read(cursor)).toEqual([name, 7]);
  }
  expect(cursors.read(undefined)).toBeUndefined();
});

const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  ['no base64', '%%%'],
  ['no JSON', Buffer.from('{').toString('base64url')],
  ['empty', ''],
  ['of another list', made(['others', ['a', 7]])],
  ['a place of another form', made(['things', ['a', '7']])],
  ['a shorter place', made(['things', ['a']])],
  ['a text that no database holds', made(['things', ['a\0', 7]])],
  ['half of a surrogate pair', made(['things', ['\ud800', 7]])],
])('a cursor is refused: %s', (_what, cursor) => {
  expect(() => cursors.read(cursor)).toThrow(RequestRefused);
  expect(() => cursors.read(cursor)).toThrow('cursor: not one that this list has given');
});

test('a page continues only where more rows were read than it shows', () => {
  const page = (rows: number[], limit: number) =>
    toPage(
      rows,
      limit,
      (row) => `i${row}`,
      (row) => `c${row}`,
    );
  expect(page([1, 2, 3], 2)).toEqual({ items: ['i1', 'i2'], next: 'c2' });
  expect(page([1, 2], 2)).toEqual({ items: ['i1', 'i2'], next: null });
  expect(page([], 2)).toEqual({ items: [], next: null });
});
