import { sql } from 'kysely';
import type { Delivery } from '../alert/channels/channel.ts';
import type { Attempt } from '../alert/deliver.ts';
import type { Database } from './database.ts';
import { AlertHeld } from './errors.ts';
import { writeAlerts } from './write-alerts.ts';

/** One row of the outbox that this worker holds, and what it needs to deliver it. */
export interface ClaimedAlert {
  readonly id: string;
  readonly sweepRow: number | null;
  readonly channel: string;
  readonly type: string;
  readonly body: string;
  readonly fence: number;
  /** Which attempt this is, from 1. */
  readonly attempt: number;
  /** Milliseconds since the first attempt; 0 at the first. */
  readonly sinceFirstMs: number;
  readonly deliveryRow: string;
}

/**
 * Takes a pending alert under a lease and writes the attempt down before it is made. Undefined when
 * it is delivered or given up. Throws `AlertHeld` while it is not due or another worker has it.
 */
export async function claimAlert(
  database: Database,
  alertId: string,
  leaseMs: number,
): Promise<ClaimedAlert | undefined> {
  return database.transact(async (tx) => {
    const taken = await sql<Omit<ClaimedAlert, 'deliveryRow' | 'sinceFirstMs'>>`
      update keysweep.alert set fence = fence + 1, attempts = attempts + 1,
        leased_until = now() + ${leaseMs} * interval '1 millisecond'
      where id = ${alertId}::uuid and state = 'pending' and next_at <= now()
        and (leased_until is null or leased_until <= now())
      returning id, sweep_id as "sweepRow", channel, type, body, fence, attempts as attempt
    `.execute(tx);
    const alert = taken.rows[0];
    if (alert === undefined) return refuseHeld(await readWait(tx, alertId), alertId);
    const delivery = await sql<{ id: string; since: number }>`
      insert into keysweep.delivery (alert_id, attempt) values (${alert.id}::uuid, ${alert.attempt})
      returning id, (select coalesce(extract(epoch from now() - min(started_at)) * 1000, 0)::float8
        from keysweep.delivery where alert_id = ${alert.id}::uuid) as since
    `.execute(tx);
    const { id, since } = delivery.rows[0] ?? { id: '0', since: 0 };
    return { ...alert, deliveryRow: id, sinceFirstMs: since };
  });
}

async function readWait(tx: Database['db'], alertId: string): Promise<number | undefined> {
  const found = await sql<{ wait: number }>`
    select greatest(extract(epoch from greatest(next_at, leased_until) - now()) * 1000, 0)::float8
      as wait
    from keysweep.alert where id = ${alertId}::uuid and state = 'pending'
  `.execute(tx);
  return found.rows[0]?.wait;
}

function refuseHeld(waitMs: number | undefined, alertId: string): undefined {
  if (waitMs === undefined) return undefined;
  throw new AlertHeld(alertId, waitMs);
}

/**
 * Writes the end of an attempt: delivered, to be tried again, or given up. Only the worker that
 * still holds the alert may. Returns the ids of alerts that tell the others of a failure.
 */
export async function recordAttempt(
  database: Database,
  alert: ClaimedAlert,
  { delivery, plan, onFailure }: Attempt,
): Promise<readonly string[]> {
  return database.transact(async (tx) => {
    const state = stateAfter(delivery, plan);
    const waitMs = state === 'pending' && plan.kind === 'retry' ? plan.delayMs : 0;
    const detail = delivery.kind === 'delivered' ? null : delivery.detail;
    await sql`
      update keysweep.delivery set ended_at = now(), outcome = ${delivery.kind}, detail = ${detail}
      where id = ${alert.deliveryRow}
    `.execute(tx);
    const held = await sql<{ now: Date }>`
      update keysweep.alert set state = ${state}, leased_until = null,
        next_at = now() + ${waitMs} * interval '1 millisecond',
        ended_at = case when ${state} = 'pending' then null else now() end
      where id = ${alert.id}::uuid and fence = ${alert.fence} and state = 'pending'
      returning now() as now
    `.execute(tx);
    const now = held.rows[0]?.now;
    if (now === undefined || state !== 'failed') return [];
    return writeAlerts(tx, alert.sweepRow, onFailure, now);
  });
}

function stateAfter(delivery: Delivery, plan: Attempt['plan']): 'pending' | 'delivered' | 'failed' {
  if (delivery.kind === 'delivered') return 'delivered';
  return plan.kind === 'retry' ? 'pending' : 'failed';
}
