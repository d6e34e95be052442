import { sql } from 'kysely';
import { z } from 'zod';
import type { ReportFinding } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { type FindingsFilter, readCondition, wantedSeverities } from './findings-filter.ts';
import { readFindingRows, toFinding } from './read-findings-page.ts';

/** Microseconds since 1970 as text, because a `Date` has milliseconds only. */
type AgePlace = readonly [seen: string, id: number];

const cursors = createCursors<AgePlace>(
  'findings by age',
  z.tuple([z.string().regex(/^-?\d{1,18}$/), z.int32()]),
);

/** A page of findings by when they were first seen. */
export async function readFindingsByAge(
  database: Database,
  filter: FindingsFilter,
  first: 'newest' | 'oldest',
  { limit, cursor }: PageAsked,
): Promise<Page<ReportFinding>> {
  const place = cursors.read(cursor);
  const condition = await readCondition(database, filter);
  const severe = sql.join(wantedSeverities(filter.severity).map((one) => sql.lit(one)));
  const [way, beyond] = first === 'newest' ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`];
  const from =
    place === undefined
      ? sql`true`
      : sql`(f.first_seen_at, f.id) ${beyond} (
          'epoch'::timestamptz + ${place[0]}::bigint * interval '1 microsecond', ${place[1]}
        )`;
  const order = sql`f.first_seen_at ${way}, f.id ${way}`;
  const rows = await readFindingRows(
    database,
    sql`select f.id from keysweep.finding f
      where ${from} and f.severity in (${severe}) and ${condition}
      order by ${order} limit ${limit + 1}`,
    order,
  );
  return toPage(rows, limit, toFinding, ({ seen_place, id }) => cursors.write([seen_place, id]));
}
