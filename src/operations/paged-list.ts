import { z } from 'zod';
import type { Page, PageAsked } from '../record/store/paging/page.ts';

/** A list that is read a part at a time: one page, or all items, page after page. */
export interface PagedList<Item> extends AsyncIterable<Item> {
  page(asked: PageAsked): Promise<Page<Item>>;
}

/** As many items as one page may have. */
const mostOnPage = 1_000;

export const pageFields = {
  limit: z.coerce.number().int().min(1).max(mostOnPage).default(100),
  cursor: z.string().max(8_000).optional(),
};

/** What a question for a list may have beside its filter. */
export const pageAsked = z.looseObject(pageFields);

/** Whoever reads a list may stop after a few items. */
const firstOnes = 100;

/** A list from what reads one page of it. Whoever iterates gets every item once. */
export function createPagedList<Item>(
  readPage: (asked: PageAsked) => Promise<Page<Item>>,
): PagedList<Item> {
  return {
    page: readPage,
    async *[Symbol.asyncIterator]() {
      let page = await readPage({ limit: firstOnes });
      yield* page.items;
      while (page.next !== null) {
        page = await readPage({ limit: mostOnPage, cursor: page.next });
        yield* page.items;
      }
    },
  };
}

/** The first `most` items. */
export async function* takeItems<Item>(
  items: AsyncIterable<Item>,
  most: number,
): AsyncIterable<Item> {
  let left = most;
  if (left <= 0) return;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left <= 0) return;
  }
}
