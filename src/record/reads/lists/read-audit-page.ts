import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { AuditOutcome, AuditRecord } from '../../../report/audit-model.ts';
import type { Database } from '../../store/database.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { allOf, anyOf } from './key-filter.ts';

/** Selects audit records; each list holds alternatives. */
export interface AuditFilter {
  readonly who?: readonly string[] | undefined;
  readonly what?: readonly string[] | undefined;
  readonly origin?: readonly string[] | undefined;
  readonly outcome?: readonly AuditOutcome[] | undefined;
  readonly from?: Date | undefined;
  /** The first instant that is too late. */
  readonly until?: Date | undefined;
}

const cursors = createCursors<readonly [string]>(
  'audit-log',
  z.tuple([z.string().regex(/^\d{1,18}$/)]),
);

/** A page of audit records, newest first. */
export async function readAuditPage(
  database: Database,
  filter: AuditFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<AuditRecord>> {
  const place = cursors.read(cursor);
  const before = place === undefined ? [] : [sql`id < ${place[0]}::bigint`];
  const found = await sql<AuditRecord>`
    select id, at, who, role, asserted, known, subject, mail, what, input, origin, outcome, reason,
      ended_at as "endedAt", request_id as request, times
    from keysweep.audit_record where ${allOf([...before, ...conditionsOf(filter)])}
    order by id desc limit ${limit + 1}
  `.execute(database.db);
  return toPage(
    found.rows,
    limit,
    (record) => record,
    ({ id }) => cursors.write([id]),
  );
}

/** For one name, an index gives the newest records without a sort; for several, it would not. */
function isOneOf(column: RawBuilder<unknown>, names: readonly string[]): RawBuilder<unknown> {
  const [name] = names;
  return names.length === 1 ? sql`${column} = ${name}` : sql`${column} = ${anyOf(names)}`;
}

/** A count stands for a time from its first denial to its last. */
function conditionsOf(filter: AuditFilter): readonly RawBuilder<unknown>[] {
  const { who, what, origin, outcome, from, until } = filter;
  return [
    who && isOneOf(sql`who`, who),
    what && sql`what = ${anyOf(what)}`,
    origin && sql`origin = ${anyOf(origin)}`,
    outcome && sql`outcome = ${anyOf(outcome)}`,
    from && sql`(at >= ${from} or hour is not null and ended_at >= ${from})`,
    until && sql`at < ${until}`,
  ].flatMap((condition) => condition ?? []);
}
