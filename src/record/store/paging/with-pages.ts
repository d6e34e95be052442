import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../database.ts';

/** So few that most rows are gone before V8 counts them among what stays. */
const rowsAPage = 250;

/** All rows from the first one on, a page at a time; each call begins anew. */
export type Pages<T> = () => AsyncIterable<readonly T[]>;

/**
 * Lets `work` read the rows of a query as often as it likes, and holds no more than two pages of
 * them. Each time they are the same: PostgreSQL keeps them as they were at first, whatever is
 * written meanwhile. One query at a time in a transaction.
 */
export async function withPages<R, T, Result>(
  tx: RecordsTransaction,
  query: RawBuilder<R>,
  toItem: (row: R) => T,
  work: (pages: Pages<T>) => Promise<Result>,
): Promise<Result> {
  const fetchPage = async () => {
    const { rows } = await sql<R>`fetch ${sql.lit(rowsAPage)} from pages`.execute(tx);
    return rows.map(toItem);
  };
  await sql`declare pages scroll cursor for ${query}`.execute(tx);
  const first = await fetchPage();
  const result = await work(async function* () {
    if (first.length > 0) yield first;
    if (first.length < rowsAPage) return;
    await sql`move absolute ${sql.lit(rowsAPage)} in pages`.execute(tx);
    for (let page = await fetchPage(); page.length > 0; page = await fetchPage()) yield page;
  });
  await sql`close pages`.execute(tx);
  return result;
}
