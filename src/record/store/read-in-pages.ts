/** Rows are paged by source and key id, in byte order. */
export interface PageKey {
  readonly source: string;
  readonly key_id: string;
}

const pageSize = 1_000;

/**
 * Yields all rows of a query, one page at a time. The query must be able to start after any key.
 */
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
