import { expect, test } from 'vitest';
import { createPagedList, takeItems } from '../../src/operations/paged-list.ts';
import type { PageAsked } from '../../src/record/store/paging/page.ts';

/** A list of so many numbers, and what it was asked for. */
function aList(length: number) {
  const asked: PageAsked[] = [];
  const listing = createPagedList<number>(async (one) => {
    asked.push(one);
    const from = Number(one.cursor ?? 0);
    const to = Math.min(from + one.limit, length);
    const items = Array.from({ length: to - from }, (_, n) => from + n);
    return { items, next: to < length ? String(to) : null };
  });
  return { listing, asked };
}

async function collect(items: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('a whole list is read page after page', async () => {
  const { listing, asked } = aList(2_500);
  expect(await collect(listing)).toEqual(Array.from({ length: 2_500 }, (_, n) => n));
  expect(asked.map(({ limit }) => limit)).toEqual([100, 1_000, 1_000, 1_000]);
});

test('whoever stops early has read one small page', async () => {
  const { listing, asked } = aList(2_500);
  expect(await collect(takeItems(listing, 3))).toEqual([0, 1, 2]);
  expect(asked).toEqual([{ limit: 100 }]);
});

test('takes no more items than there are, and may take none', async () => {
  expect(await collect(takeItems(aList(2).listing, 5))).toEqual([0, 1]);
  const { listing, asked } = aList(2);
  expect(await collect(takeItems(listing, 0))).toEqual([]);
  expect(asked).toEqual([]);
});
