import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** Marks the events as no longer pending. */
export async function markPlanned(
  tx: RecordsTransaction,
  events: readonly { readonly id: string }[],
): Promise<void> {
  for (let at = 0; at < events.length; at += chunk) {
    const ids = events.slice(at, at + chunk).map(({ id }) => id);
    await sql`
      update keysweep.finding_event set planned_at = clock_timestamp()
      where id = any (${ids}::bigint[])
    `.execute(tx);
  }
}

/**
 * Stores when each finding, by row, was alerted, and to which channels its last opening went. No
 * more than a page of findings.
 */
export async function markAlerted(
  tx: RecordsTransaction,
  openedTo: ReadonlyMap<number, readonly string[]>,
  alertedAt: Date,
): Promise<void> {
  const rows = [...openedTo].map(([id, channels]) => ({ id, channels }));
  await sql`
    update keysweep.finding f set opened_to = n.channels, told_at = ${alertedAt}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id integer, channels text[])
    where f.id = n.id
  `.execute(tx);
}
