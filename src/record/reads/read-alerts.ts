import { sql } from 'kysely';
import type { AlertOutcome, HeldSweep } from '../../report/alerts-model.ts';
import type { Database } from '../store/database.ts';
import { isChange } from '../store/findings/is-change.ts';
import { readAlertsOf } from './lists/read-alerts-page.ts';

const mostLeft = 20;

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
  const left = await readAlertsOf(
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
  return { ...none, ...counts.rows[0], left: left.toReversed() };
}
