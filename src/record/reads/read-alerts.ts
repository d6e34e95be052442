import { type RawBuilder, sql } from 'kysely';
import type {
  AlertOutcome,
  AlertState,
  HeldSweep,
  ListedAlert,
} from '../../report/alerts-model.ts';
import { absentId } from '../../text/id-beginning.ts';
import type { Database } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findSweep } from '../store/find-by-beginning.ts';
import { isChange } from '../store/is-change.ts';

/** Selects the newest `limit` alerts that match. An empty list of states means all. */
export interface AlertsFilter {
  readonly states: readonly AlertState[];
  readonly channel?: string | undefined;
  /** The beginning of a sweep's id. */
  readonly sweep?: string | undefined;
  readonly limit: number;
}

const pageSize = 1_000;
const mostLeft = 20;

type Placed = ListedAlert & { readonly place: string };

/**
 * Alerts, newest first, read in pages, because an outbox may keep years of them. Throws
 * `RequestRefused` if the filter names no sweep that is kept.
 */
export async function* readAlerts(
  database: Database,
  filter: AlertsFilter,
): AsyncIterable<ListedAlert> {
  const wanted = wantedBy(filter, await readSweepRow(database, filter.sweep));
  let before: string | null = null;
  for (let left = filter.limit; left > 0; left -= pageSize) {
    const size = Math.min(left, pageSize);
    const after: RawBuilder<unknown> = before === null ? sql`true` : sql`place < ${before}::bigint`;
    const rows = await readRows(
      database,
      sql`select id from keysweep.alert where ${after} and ${wanted} order by place desc limit ${size}`,
    );
    yield* rows.map(toListed);
    before = rows.at(-1)?.place ?? null;
    if (rows.length < size) return;
  }
}

async function readSweepRow(database: Database, beginning: string | undefined) {
  if (beginning === undefined) return undefined;
  const named = await findSweep(database.db, beginning);
  if (named === undefined) throw new RequestRefused(absentId('sweep', beginning));
  return named.row;
}

function wantedBy(
  { states, channel }: AlertsFilter,
  sweepRow: number | undefined,
): RawBuilder<unknown> {
  const conditions = [
    states.length === 0 ? undefined : sql`state = any (${[...states]}::text[])`,
    channel === undefined ? undefined : sql`channel = ${channel}`,
    sweepRow === undefined ? undefined : sql`sweep_id = ${sweepRow}`,
  ].flatMap((condition) => condition ?? []);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function toListed({ place: _place, ...alert }: Placed): ListedAlert {
  return alert;
}

/** `ids`: an SQL query for the ids of one page; details are read for these only. */
async function readRows(database: Database, ids: RawBuilder<unknown>): Promise<readonly Placed[]> {
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

/** Held sweeps, oldest first. */
export async function readHeldSweeps(database: Database): Promise<readonly HeldSweep[]> {
  const found = await sql<HeldRow>`
    select s.uuid as sweep, s.opened_at as "openedAt", s.anomaly, (
      select count(*)::integer from keysweep.finding_event v
      where v.sweep_id = s.id and v.planned_at is null and ${isChange('v')}
    ) as pending
    from keysweep.sweep s where s.held = 'held' order by s.id
  `.execute(database.db);
  return found.rows.map(({ anomaly, pending, ...sweep }) => {
    const { cause, detail, held } = (anomaly ?? {}) as Readonly<Record<string, unknown>>;
    return {
      ...sweep,
      held: Number.isSafeInteger(held) ? Number(held) : pending,
      cause: typeof cause === 'string' ? cause : null,
      detail: typeof detail === 'string' ? detail : null,
    };
  });
}

interface HeldRow extends Pick<HeldSweep, 'sweep' | 'openedAt'> {
  readonly anomaly: unknown;
  readonly pending: number;
}

/**
 * The progress of delivery of these alerts. `left` holds the first undelivered alert of each
 * channel, state and reason, twenty at most: a thousand alerts of a dead channel share one reason.
 */
export async function readOutcome(
  database: Database,
  ids: readonly string[],
  withinMs: number,
): Promise<AlertOutcome> {
  const counts = await sql<Omit<AlertOutcome, 'left'>>`
    select count(*) filter (where state = 'delivered')::integer as delivered,
      count(*) filter (where state = 'failed')::integer as failed,
      count(*) filter (where state = 'pending')::integer as pending,
      count(*) filter (where state = 'pending' and (
        leased_until > clock_timestamp()
        or next_at <= clock_timestamp() + ${withinMs} * interval '1 millisecond'
      ))::integer as soon
    from keysweep.alert where id = any (${[...ids]}::uuid[])
  `.execute(database.db);
  const left = await readRows(
    database,
    sql`
      select id from (
        select distinct on (channel, state, detail) id, place from keysweep.alert
        where id = any (${[...ids]}::uuid[]) and state in ('pending', 'failed')
        order by channel, state, detail, place
      ) reason
      order by place limit ${mostLeft}
    `,
  );
  const none = { delivered: 0, failed: 0, pending: 0, soon: 0 };
  return { ...none, ...counts.rows[0], left: left.map(toListed).reverse() };
}
