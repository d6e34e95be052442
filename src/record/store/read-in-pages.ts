/** What rows are paged by: the order of source and key id, byte for byte. */
export interface PageKey {
  readonly source: string;
  readonly key_id: string;
}

const pageSize = 1_000;

/** All rows of a query that can begin after any key, a page at a time. */
export async function* readInPages<T extends PageKey>(
  readPage: (after: PageKey, size: number) => Promise<{ readonly rows: readonly T[] }>,
): AsyncIterable<T> {
  let after: PageKey = { source: '', key_id: '' };
  for (;;) {
    const { rows } = await readPage(after, pageSize);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last;
  }
}
