import { sql } from 'kysely';
import type { Delivery } from '../../alert/channels/channel.ts';
import type { Attempt } from '../../alert/deliver.ts';
import type { Destinations } from '../../alert/destinations.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { ClaimedAlert } from './outbox.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/**
 * Writes the end of an attempt: delivered, to be tried again, or given up. Done once per attempt, so
 * that it may be repeated when the answer to its COMMIT was lost. That an alert was delivered is
 * recorded even if another worker has taken it over; any other end only by the worker that still
 * holds it. When the receiver asks for a pause, the whole channel pauses. Returns the alerts to the
 * other channels about a failure, at most once per channel and sweep.
 */
export async function recordAttempt(
  database: Database,
  alert: ClaimedAlert,
  { delivery, plan, onFailure }: Attempt,
  destinations: Pick<Destinations, 'formats'>,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const ended = await sql`
      update keysweep.delivery set ended_at = clock_timestamp(), outcome = ${delivery.kind},
        detail = ${detailOf(delivery)}
      where id = ${alert.deliveryRow} and ended_at is null returning id
    `.execute(tx);
    if (ended.rows.length === 0) return [];
    const at = await endAlert(tx, alert, delivery, plan);
    if (at === undefined) return [];
    await holdChannel(tx, alert.channel, delivery);
    if (onFailure.length === 0 || (await isAlreadyAlerted(tx, alert))) return [];
    return writeAlerts(tx, onFailure, { sweepId: alert.sweepRow, destinations, at });
  });
}

/** When the alert got its new state; undefined if it is not this attempt's to give. */
async function endAlert(
  tx: RecordsTransaction,
  alert: ClaimedAlert,
  delivery: Delivery,
  plan: Attempt['plan'],
): Promise<Date | undefined> {
  const state = stateAfter(delivery, plan);
  const waitMs = plan.kind === 'retry' ? plan.delayMs : 0;
  const own = sql`state = 'pending' and fence = ${alert.fence}`;
  const mayEnd = state === 'delivered' ? sql`state in ('pending', 'failed')` : own;
  const given = await sql<{ now: Date }>`
    update keysweep.alert set state = ${state}, leased_until = null, detail = ${detailOf(delivery)},
      next_at = clock_timestamp() + ${waitMs} * interval '1 millisecond',
      reached = ${reachedBy(alert, delivery)}::text[],
      ended_at = case when ${state} = 'pending' then null else clock_timestamp() end
    where id = ${alert.id}::uuid and ${mayEnd}
    returning clock_timestamp() as now
  `.execute(tx);
  return given.rows[0]?.now;
}

function stateAfter(delivery: Delivery, plan: Attempt['plan']): 'pending' | 'delivered' | 'failed' {
  if (delivery.kind === 'delivered') return 'delivered';
  return plan.kind === 'retry' ? 'pending' : 'failed';
}

function detailOf(delivery: Delivery): string | null {
  if (delivery.kind === 'delivered') return delivery.refused ?? null;
  return delivery.detail;
}

function reachedBy(alert: ClaimedAlert, delivery: Delivery): readonly string[] {
  return (delivery.kind === 'passing' ? delivery.reached : undefined) ?? alert.reached;
}

/**
 * Whether the other channels were alerted of this channel's failure in this sweep. A dead channel
 * may have an alert per incident or part, and a message about each would flood the others. An
 * attempt that fails at the same time waits for the lock, and then sees what was written.
 */
async function isAlreadyAlerted(
  tx: RecordsTransaction,
  { id, channel, sweepRow }: ClaimedAlert,
): Promise<boolean> {
  if (sweepRow === null) return false;
  await sql`select from keysweep.channel_pace where channel = ${channel} for update`.execute(tx);
  const earlier = await sql`
    select from keysweep.alert
    where sweep_id = ${sweepRow} and channel = ${channel} and id <> ${id}::uuid
      and type <> 'channel.failed'
      and (state = 'failed' or (state = 'delivered' and detail is not null))
    limit 1
  `.execute(tx);
  return earlier.rows.length > 0;
}

async function holdChannel(
  tx: RecordsTransaction,
  channel: string,
  delivery: Delivery,
): Promise<void> {
  if (delivery.kind !== 'passing' || delivery.retryAfterMs === undefined) return;
  await sql`
    update keysweep.channel_pace set free_at = greatest(
      free_at, clock_timestamp() + ${delivery.retryAfterMs} * interval '1 millisecond'
    )
    where channel = ${channel}
  `.execute(tx);
}
