import { sql } from 'kysely';
import type { Destinations } from '../../alert/destinations.ts';
import { planAlertRetry, type RetryableAlert } from '../../alert/plan/plan-alert-retry.ts';
import { keepsIncidents } from '../../alert/render/index.ts';
import { absentId } from '../../text/id-beginning.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { findAlert } from '../store/find-by-beginning.ts';
import { lockFindings } from '../store/findings/lock-findings.ts';
import { aboutSameFindings } from './about-same-findings.ts';
import { readOvertaken } from './read-overtaken.ts';
import type { WrittenAlert } from './write-alerts.ts';

/**
 * Some alerts, each by its id or the beginning of it; or all failed ones, or those of a channel.
 */
export type RetryRequest =
  | { readonly kind: 'these'; readonly ids: readonly string[] }
  | {
      readonly kind: 'failed';
      readonly channel?: string | undefined;
      /** Where to go on: `next` of the answer before. */
      readonly after?: string | undefined;
    };

/** The queued alerts, the skipped ones with the reason, and where to go on if there may be more. */
export interface RetriedAlerts {
  readonly queued: readonly WrittenAlert[];
  readonly skipped: readonly (WrittenAlert & { readonly why: string })[];
  readonly next: string | null;
}

/** Failed alerts per transaction: the embedded store does nothing else meanwhile. */
const most = 500;

/**
 * Queues alerts again: failed ones for another day of attempts, waiting ones for now. Throws
 * `RequestRefused`, and queues none, if a named one does not exist or must not be sent. Later
 * alerts to the channel about the same findings wait for them.
 */
export async function requeueAlerts(
  database: Database,
  request: RetryRequest,
  { formats }: Pick<Destinations, 'formats'>,
): Promise<RetriedAlerts> {
  return database.transact(async (tx) => {
    const { ids, next } = await find(tx, request);
    // Before any alert, as in a closing sweep: nothing is planned about these findings meanwhile.
    await lockFindings(tx, sql`f.id in (${findingsOf(ids)})`);
    const alerts = await lockAlerts(tx, ids);
    const planned = alerts.map((alert) => ({ alert, plan: planAlertRetry(alert, formats) }));
    const skipped = planned.flatMap(({ alert: { id, channel }, plan }) =>
      plan.kind === 'refuse' ? [{ id, channel, why: plan.why }] : [],
    );
    const [first] = skipped;
    if (request.kind === 'these' && first !== undefined) {
      throw new RequestRefused(`alert ${first.id} cannot be sent again: ${first.why}`);
    }
    const chosen = (kind: 'requeue' | 'hurry') =>
      planned.filter(({ plan }) => plan.kind === kind).map(({ alert }) => alert);
    await requeue(tx, chosen('requeue'));
    await hurry(tx, chosen('hurry'));
    const queued = planned.filter(({ plan }) => plan.kind !== 'refuse');
    return { queued: queued.map(({ alert: { id, channel } }) => ({ id, channel })), skipped, next };
  });
}

interface Found {
  readonly ids: readonly string[];
  readonly next: string | null;
}

function find(tx: RecordsTransaction, request: RetryRequest): Promise<Found> {
  return request.kind === 'these' ? findNamed(tx, request.ids) : findFailed(tx, request);
}

async function findNamed(tx: RecordsTransaction, names: readonly string[]): Promise<Found> {
  const ids = [];
  for (const name of names) {
    const id = await findAlert(tx, name);
    if (id === undefined) throw new RequestRefused(absentId('alert', name));
    ids.push(id);
  }
  return { ids: [...new Set(ids)], next: null };
}

/** The oldest come first, because what they report happened first. */
async function findFailed(
  tx: RecordsTransaction,
  { channel = '', after = '0' }: Extract<RetryRequest, { readonly kind: 'failed' }>,
): Promise<Found> {
  const found = await sql<{ id: string; place: string }>`
    select id, place from keysweep.alert
    where state = 'failed' and place > ${after}::bigint and ${channel} in ('', channel)
    order by place limit ${most}
  `.execute(tx);
  const next = found.rows.length < most ? null : (found.rows.at(-1)?.place ?? null);
  return { ids: found.rows.map(({ id }) => id), next };
}

/** The findings that these alerts are about, as an SQL list of ids. */
function findingsOf(ids: readonly string[]) {
  return sql`select finding_id from keysweep.alert_event where alert_id = any (${[...ids]}::uuid[])`;
}

async function lockAlerts(
  tx: RecordsTransaction,
  ids: readonly string[],
): Promise<readonly RetryableAlert[]> {
  const locked = await sql<Omit<RetryableAlert, 'overtaken'>>`
    select id, channel, format, state from keysweep.alert where id = any (${[...ids]}::uuid[])
    order by place for no key update
  `.execute(tx);
  const incidents = locked.rows.filter(
    ({ state, format }) => state === 'failed' && keepsIncidents(format),
  );
  const overtaken = await readOvertaken(
    tx,
    incidents.map(({ id }) => id),
  );
  return locked.rows.map((alert) => ({ ...alert, overtaken: overtaken.has(alert.id) }));
}

/** A new fence: a worker that held one before can no longer write. */
async function requeue(tx: RecordsTransaction, alerts: readonly RetryableAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  const ids = alerts.map(({ id }) => id);
  await sql`
    update keysweep.alert set state = 'pending', next_at = clock_timestamp(),
      retried_at = clock_timestamp(), leased_until = null, ended_at = null, fence = fence + 1
    where id = any (${ids}::uuid[])
  `.execute(tx);
  await sql`
    insert into keysweep.alert_after (alert_id, after_id)
    select distinct other.id, mine.id
    from ${aboutSameFindings(ids)}
    where other.channel = mine.channel and other.place > mine.place and other.state = 'pending'
    on conflict do nothing
  `.execute(tx);
}

/** An alert that a worker is sending now is left alone. */
async function hurry(tx: RecordsTransaction, alerts: readonly RetryableAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await sql`
    update keysweep.alert set next_at = clock_timestamp()
    where id = any (${alerts.map(({ id }) => id)}::uuid[]) and next_at > clock_timestamp()
      and (leased_until is null or leased_until <= clock_timestamp())
  `.execute(tx);
}
