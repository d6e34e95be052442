import { sql } from 'kysely';
import type { ReportKey } from '../../../report/model.ts';
import type { Records } from '../../store/database.ts';
import type { ReadOrder } from './list-report.ts';
import { readAhead } from './read-ahead.ts';
import type { OrderedKey, ReportOrder } from './report-order.ts';

type LastUse = ReportKey['lastUsed'];

/** When each key of the sweep was last used, as `readKeys` has it, in half its time. */
export async function* readLastUses(
  db: Records,
  list: ReadOrder,
): AsyncIterable<readonly LastUse[]> {
  yield* readAhead(pagesOf(db, await list()));
}

async function* pagesOf(db: Records, order: ReportOrder): AsyncIterable<readonly LastUse[]> {
  for (const listed of order.parts()) {
    const unknown = await findUnknown(db, listed);
    yield listed.map(({ lastUsed }, n) => {
      if (unknown.has(n + 1)) return undefined;
      return lastUsed === null ? null : new Date(lastUsed);
    });
  }
}

/** The places, from 1, of keys whose last use the vendor did not say. Rows are looked up one by one. */
async function findUnknown(
  db: Records,
  listed: readonly OrderedKey[],
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ places: readonly number[] | null }>`
    select json_agg(w.place) as places
    from unnest(${listed.map(({ observation }) => observation)}::integer[])
      with ordinality w (id, place)
    left join lateral (
      select content from keysweep.observation where id = w.id offset 0
    ) o on true
    where o.content is null or o.content @> '{"missing": true}'
      or o.content @> '{"lastUsed": "unreadable"}'
  `.execute(db);
  return new Set(rows[0]?.places);
}
