import { sql } from 'kysely';
import type { Delivery } from '../../alert/channels/channel.ts';
import type { Attempt } from '../../alert/deliver.ts';
import type { Destinations } from '../../alert/destinations.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import type { ClaimedAlert } from './outbox.ts';
import { type WrittenAlert, writeAlerts } from './write-alerts.ts';

/**
 * Writes the end of an attempt: delivered, to be tried again, or given up. Only the worker that
 * still holds the alert may. What the receiver asks to wait for, its channel waits for as a whole.
 * Returns the alerts that tell the others of a failure, once a channel and sweep.
 */
export async function recordAttempt(
  database: Database,
  alert: ClaimedAlert,
  { delivery, plan, onFailure }: Attempt,
  destinations: Pick<Destinations, 'formats'>,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const state = stateAfter(delivery, plan);
    const waitMs = plan.kind === 'retry' ? plan.delayMs : 0;
    const detail = detailOf(delivery);
    await sql`
      update keysweep.delivery set ended_at = clock_timestamp(), outcome = ${delivery.kind},
        detail = ${detail}
      where id = ${alert.deliveryRow}
    `.execute(tx);
    const held = await sql<{ now: Date }>`
      update keysweep.alert set state = ${state}, leased_until = null, detail = ${detail},
        next_at = clock_timestamp() + ${waitMs} * interval '1 millisecond',
        reached = ${reachedBy(alert, delivery)}::text[],
        ended_at = case when ${state} = 'pending' then null else clock_timestamp() end
      where id = ${alert.id}::uuid and fence = ${alert.fence} and state = 'pending'
      returning clock_timestamp() as now
    `.execute(tx);
    const at = held.rows[0]?.now;
    if (at === undefined) return [];
    await holdChannel(tx, alert.channel, delivery);
    if (onFailure.length === 0 || (await isAlreadyAlerted(tx, alert))) return [];
    return writeAlerts(tx, onFailure, { sweepId: alert.sweepRow, destinations, at });
  });
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
 * Whether the others know of this channel's failing in this sweep: a dead channel has as many alerts
 * as incidents or parts, and telling of each would flood those that live. Whoever fails at the same
 * time waits for the lock, and sees what was written by then.
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
