import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { OutgoingAlert } from '../../alert/channels/channel.ts';
import type { ChannelPace } from '../../alert/channels/description.ts';
import { isHeartbeat } from '../../alert/destinations.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { noteContact } from './note-contact.ts';

/** A row of the outbox that this worker holds, with what its delivery needs. */
export interface ClaimedAlert extends OutgoingAlert {
  readonly sweepRow: number | null;
  readonly channel: string;
  readonly format: string;
  readonly fence: number;
  readonly reached: readonly string[];
  /**
   * Milliseconds since the first attempt; after a retry on request, since the first of that retry.
   */
  readonly sinceFirstMs: number;
  /** Attempts since then, including this one, without those whose sender died. */
  readonly tries: number;
  readonly deliveryRow: string;
}

/** What may be sent to a channel now, or how long until something may. */
export interface ClaimedAlerts {
  readonly alerts: readonly ClaimedAlert[];
  /** Undefined where nothing waits for the channel. */
  readonly waitMs: number | undefined;
}

export interface ClaimTerms extends ChannelPace {
  /** A worker that does not renew its alert for this long has lost it. */
  readonly leaseMs: number;
  /** The alerts that this process is sending or recording now, whatever their leases say. */
  readonly held?: readonly string[];
  /**
   * Names this claim. A claim that failed is repeated under the same name, and then gets what it
   * had taken already: the answer to its COMMIT may have been lost.
   */
  readonly claim?: string;
}

type Claim = Required<ClaimTerms>;

/**
 * Takes the due alerts of a channel in the order of their planning, under leases by the database's
 * clock. Each attempt is written down before it is made. After an outage of the database, leases
 * last longer: see `noteContact`. An alert that waits for another about the
 * same findings is not taken. All workers together hold no more than the channel takes at once. A
 * closing sweep refers to alerts that go before its own; these can still be taken.
 */
export async function claimAlerts(
  database: Database,
  channel: string,
  { held = [], claim = randomUUID(), ...pace }: ClaimTerms,
): Promise<ClaimedAlerts> {
  const terms: Claim = { ...pace, held, claim };
  await noteContact(database, terms.leaseMs);
  return database.transact(async (tx) => {
    const free = await lockPace(tx, channel, terms);
    if (isHeartbeat(channel)) await supersede(tx, channel);
    if (free.most === 0) return { alerts: [], waitMs: await readWait(tx, channel, free.waitMs) };
    const taken = await takeDue(tx, channel, free.most, terms);
    if (taken.length === 0) return { alerts: [], waitMs: await readWait(tx, channel, 0) };
    await pushPace(tx, channel, taken.length * terms.spacingMs);
    const deliveries = await startDeliveries(tx, taken);
    const alerts = taken.map((alert) => ({
      ...alert,
      ...(deliveries.get(alert.id) ?? { deliveryRow: '0', sinceFirstMs: 0, tries: 1 }),
    }));
    return { alerts, waitMs: 0 };
  });
}

/**
 * A heartbeat call that failed is dropped once there is a newer one. A monitor that got the end
 * first and then the start would wait for another end.
 */
async function supersede(tx: RecordsTransaction, channel: string): Promise<void> {
  await sql`
    update keysweep.alert a set state = 'superseded', leased_until = null,
      ended_at = clock_timestamp()
    where a.channel = ${channel} and a.state = 'pending' and a.attempts > 0
      and (a.leased_until is null or a.leased_until <= clock_timestamp())
      and exists (
        select from keysweep.alert newer
        where newer.channel = a.channel and newer.state = 'pending' and newer.place > a.place
      )
  `.execute(tx);
}

/** How many may be taken now, or how long to wait. Locks the channel against other workers. */
async function lockPace(
  tx: RecordsTransaction,
  channel: string,
  { inFlight, spacingMs, held, claim }: Claim,
): Promise<{ readonly most: number; readonly waitMs: number }> {
  const pace = await sql<{ waitMs: number }>`
    insert into keysweep.channel_pace as p (channel, free_at) values (${channel}, clock_timestamp())
    on conflict (channel) do update set free_at = p.free_at
    returning greatest(extract(epoch from free_at - clock_timestamp()) * 1000, 0)::float8 as "waitMs"
  `.execute(tx);
  const { waitMs } = pace.rows[0] ?? { waitMs: 0 };
  if (waitMs > 0) return { most: 0, waitMs };
  const leased = await sql<{ count: number; waitMs: number }>`
    select count(*)::integer as count, coalesce(
      extract(epoch from min(leased_until) - clock_timestamp()) * 1000, 0
    )::float8 as "waitMs"
    from keysweep.alert
    where channel = ${channel} and state = 'pending' and claim is distinct from ${claim}::uuid
      and (leased_until > clock_timestamp() or id = any (${[...held]}::uuid[]))
  `.execute(tx);
  const taken = leased.rows[0] ?? { count: 0, waitMs: 0 };
  const burst = spacingMs === 0 ? inFlight : Math.max(1, Math.floor(1_000 / spacingMs));
  const most = Math.max(0, Math.min(burst, inFlight - taken.count));
  return { most, waitMs: most === 0 ? taken.waitMs : 0 };
}

const unblocked = sql`not exists (
  select from keysweep.alert_after o join keysweep.alert first on first.id = o.after_id
  where o.alert_id = a.id and first.state = 'pending'
)`;

type TakenAlert = Omit<ClaimedAlert, 'deliveryRow' | 'sinceFirstMs' | 'tries'>;

async function takeDue(
  tx: RecordsTransaction,
  channel: string,
  most: number,
  { leaseMs, held, claim }: Claim,
): Promise<readonly TakenAlert[]> {
  const taken = await sql<TakenAlert & { place: string }>`
    with due as (
      select a.id from keysweep.alert a
      where a.channel = ${channel} and a.state = 'pending' and a.next_at <= clock_timestamp()
        and (
          a.leased_until is null or a.leased_until <= clock_timestamp() or a.claim = ${claim}::uuid
        )
        and a.id <> all (${[...held]}::uuid[]) and ${unblocked}
      order by a.place limit ${most} for no key update of a skip locked
    )
    update keysweep.alert a set fence = a.fence + 1, attempts = a.attempts + 1, claim = ${claim}::uuid,
      leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from due where a.id = due.id
    returning a.id, a.sweep_id as "sweepRow", a.channel, a.type, a.format, a.body, a.fence,
      a.attempts as attempt, a.reached, a.place
  `.execute(tx);
  return taken.rows
    .sort((one, other) => Number(one.place) - Number(other.place))
    .map(({ place: _place, ...alert }) => alert);
}

async function pushPace(tx: RecordsTransaction, channel: string, ms: number): Promise<void> {
  if (ms === 0) return;
  await sql`
    update keysweep.channel_pace set free_at = clock_timestamp() + ${ms} * interval '1 millisecond'
    where channel = ${channel}
  `.execute(tx);
}

type StartedDelivery = Pick<ClaimedAlert, 'deliveryRow' | 'sinceFirstMs' | 'tries'>;

/** The earlier attempts that count. A retry on request starts a new day of attempts. */
const earlier = sql`
  keysweep.delivery e join keysweep.alert a on a.id = e.alert_id
  where e.alert_id = d.alert_id and e.started_at >= coalesce(a.retried_at, '-infinity')
`;

async function startDeliveries(tx: RecordsTransaction, alerts: readonly TakenAlert[]) {
  const rows = alerts.map(({ id, attempt }) => ({ id, attempt }));
  const started = await sql<StartedDelivery & { alert: string }>`
    insert into keysweep.delivery as d (alert_id, attempt)
    select id, attempt from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as n (id uuid, attempt integer)
    returning d.alert_id as alert, d.id as "deliveryRow", (
      select coalesce(extract(epoch from clock_timestamp() - min(e.started_at)) * 1000, 0)::float8
      from ${earlier}
    ) as "sinceFirstMs", (
      select count(e.outcome)::integer + 1 from ${earlier}
    ) as tries
  `.execute(tx);
  return new Map(started.rows.map(({ alert, ...delivery }) => [alert, delivery]));
}

/** How long until an alert of the channel is due; at least `leastMs`. */
async function readWait(
  tx: RecordsTransaction,
  channel: string,
  leastMs: number,
): Promise<number | undefined> {
  const found = await sql<{ waitMs: number | null }>`
    select (extract(epoch from
      min(greatest(a.next_at, a.leased_until)) - clock_timestamp()
    ) * 1000)::float8 as "waitMs"
    from keysweep.alert a
    where a.channel = ${channel} and a.state = 'pending' and ${unblocked}
  `.execute(tx);
  const waitMs = found.rows[0]?.waitMs ?? null;
  return waitMs === null ? undefined : Math.max(waitMs, leastMs, 0);
}
