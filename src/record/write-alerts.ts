import { sql } from 'kysely';
import type { PlannedAlert } from '../alert/message.ts';
import { renderWebhook } from '../alert/render-webhook.ts';
import type { RecordsTransaction } from './database.ts';

const chunk = 100;

/**
 * Puts alerts into the outbox, rendered once: every attempt sends the same bytes. Returns their
 * ids, which receivers see as `webhook-id`, in the order given.
 */
export async function writeAlerts(
  tx: RecordsTransaction,
  sweepId: number | null,
  alerts: readonly PlannedAlert[],
  at: Date,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; from < alerts.length; from += chunk) {
    const rows = alerts.slice(from, from + chunk).map((alert) => ({
      sweep_id: sweepId,
      channel: alert.channel,
      type: alert.type,
      part: alert.part,
      parts: alert.parts,
      body: renderWebhook(alert, at),
      planned_at: sql<Date>`clock_timestamp()`,
    }));
    const written = await tx.insertInto('alert').values(rows).returning('id').execute();
    ids.push(...written.map(({ id }) => id));
  }
  return ids;
}
