import { type RawBuilder, sql } from 'kysely';
import type { Records } from '../database.ts';

/**
 * The rows of a query, a page at a time and once; the pages that were read need no memory any more.
 * Within a transaction, of which it is the only query meanwhile.
 */
export async function* readInPages<R>(
  tx: Records,
  query: RawBuilder<R>,
  rowsAPage: number,
): AsyncIterable<readonly R[]> {
  // PostgreSQL plans a cursor for its first tenth, with loops that read whole lists for each row.
  await sql`set local cursor_tuple_fraction = 1`.execute(tx);
  await sql`declare read_once no scroll cursor for ${query}`.execute(tx);
  for (;;) {
    const { rows } = await sql<R>`fetch ${sql.lit(rowsAPage)} from read_once`.execute(tx);
    if (rows.length > 0) yield rows;
    if (rows.length < rowsAPage) break;
  }
  await sql`close read_once`.execute(tx);
}
