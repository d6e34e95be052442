const chunk = 1_000;

/**
 * The rows of these ids, a chunk at a time, in the order of the ids. A query over a list of ids
 * gets a good plan even where the planner's statistics are wrong. A query that pages through a join
 * may sort the whole join for every page.
 */
export async function* readByIds<T extends { readonly id: number }>(
  ids: readonly number[],
  readChunk: (ids: readonly number[]) => Promise<{ readonly rows: readonly T[] }>,
): AsyncIterable<T> {
  for (let at = 0; at < ids.length; at += chunk) {
    const some = ids.slice(at, at + chunk);
    const rows = new Map((await readChunk(some)).rows.map((row) => [row.id, row]));
    yield* some.flatMap((id) => rows.get(id) ?? []);
  }
}
