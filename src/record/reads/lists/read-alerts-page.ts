import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { AlertState, ListedAlert } from '../../../report/alerts-model.ts';
import { absentId } from '../../../text/id-beginning.ts';
import type { Database } from '../../store/database.ts';
import { RequestRefused } from '../../store/errors.ts';
import { findSweep } from '../../store/find-by-beginning.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { allOf, anyOf } from './key-filter.ts';

/** Selects alerts; each list holds alternatives. */
export interface AlertsFilter {
  readonly state?: readonly AlertState[] | undefined;
  readonly channel?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  /** The beginning of a sweep's id. */
  readonly sweep?: string | undefined;
}

type Placed = ListedAlert & { readonly place: string };

const cursors = createCursors<readonly [string]>(
  'alerts',
  z.tuple([z.string().regex(/^\d{1,18}$/)]),
);

/**
 * A page of alerts, newest first. Throws `RequestRefused` if the filter names no sweep that is kept.
 */
export async function readAlertsPage(
  database: Database,
  filter: AlertsFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<ListedAlert>> {
  const place = cursors.read(cursor);
  const before = place === undefined ? [] : [sql`place < ${place[0]}::bigint`];
  const wanted = allOf([...before, ...(await alertConditions(database, filter))]);
  const rows = await readPlaced(
    database,
    sql`select id from keysweep.alert where ${wanted} order by place desc limit ${limit + 1}`,
  );
  return toPage(rows, limit, toListed, ({ place: last }) => cursors.write([last]));
}

async function alertConditions(
  database: Database,
  { state, channel, type, sweep }: AlertsFilter,
): Promise<readonly RawBuilder<unknown>[]> {
  const sweepRow = await readSweepRow(database, sweep);
  return [
    state && sql`state in (${sql.join(state.map((one) => sql.lit(one)))})`,
    channel && sql`channel = ${anyOf(channel)}`,
    type && sql`type = ${anyOf(type)}`,
    sweepRow === undefined ? undefined : sql`sweep_id = ${sweepRow}`,
  ].flatMap((condition) => condition ?? []);
}

async function readSweepRow(database: Database, beginning: string | undefined) {
  if (beginning === undefined) return undefined;
  const named = await findSweep(database.db, beginning);
  if (named === undefined) throw new RequestRefused(absentId('sweep', beginning), 'filter');
  return named.row;
}

function toListed({ place: _place, ...alert }: Placed): ListedAlert {
  return alert;
}

/** The alerts whose ids the query `ids` finds, newest first. */
export async function readAlertsOf(
  database: Database,
  ids: RawBuilder<unknown>,
): Promise<readonly ListedAlert[]> {
  return (await readPlaced(database, ids)).map(toListed);
}

async function readPlaced(
  database: Database,
  ids: RawBuilder<unknown>,
): Promise<readonly Placed[]> {
  const found = await sql<Placed>`
    with page as materialized (${ids})
    select a.id, a.planned_at as "plannedAt", a.channel, a.type, a.part, a.parts, a.state,
      a.attempts, case when a.state = 'pending' then a.next_at end as "nextAt",
      a.state = 'pending' and coalesce(a.leased_until > clock_timestamp(), false) as sending,
      a.ended_at as "endedAt", s.uuid as sweep, a.detail, a.place, (
        select count(distinct e.finding_id)::integer from keysweep.alert_event e
        where e.alert_id = a.id
      ) as findings
    from page join keysweep.alert a on a.id = page.id
    left join keysweep.sweep s on s.id = a.sweep_id
    order by a.place desc
  `.execute(database.db);
  return found.rows;
}
