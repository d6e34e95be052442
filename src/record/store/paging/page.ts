/** A part of a list that somebody asked for: so many items, from a cursor on. */
export interface PageAsked {
  readonly limit: number;
  /** The `next` of the page before; undefined for the first page. */
  readonly cursor?: string | undefined;
}

/** A part of a list. `next` is the cursor of the page after it; null where the list ends. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/**
 * The page of `limit` rows, of which one more was read: it says whether there is another page.
 * `cursorOf` makes the cursor that continues after a row.
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const ends = rows.length <= limit || last === undefined;
  return { items: shown.map(toItem), next: ends ? null : cursorOf(last) };
}
