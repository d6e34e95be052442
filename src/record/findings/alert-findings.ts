import { sql } from 'kysely';
import { alertChanges } from '../outbox/alert-changes.ts';
import { readAlertContext } from '../outbox/alert-events.ts';
import type { Alerting } from '../outbox/alerting.ts';
import { pendingEventsOf } from '../outbox/pending-events.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';

/**
 * The row of the sweep under which a change between two sweeps is alerted: the full one closed
 * last. A held sweep is used only if there is no other, because it would hold this change too.
 * Undefined only if there is no sweep at all, and so no finding.
 */
export async function readLatestSweep(tx: RecordsTransaction): Promise<number | undefined> {
  const found = await sql<{ id: number }>`
    select s.id from keysweep.sweep s
    order by closed_at is null, scope = 'partial', held is not distinct from 'held',
      ${placeOfClosing('s')} desc, s.id desc limit 1
  `.execute(tx);
  return found.rows[0]?.id;
}

/**
 * Plans the alerts for what happened to these findings outside of a sweep, and for all their other
 * pending events. If no sweep has closed yet, the closing of the first will plan them. The caller
 * has locked the findings. Returns the alerts.
 */
export async function alertFindings(
  tx: RecordsTransaction,
  findings: readonly number[],
  sweepRow: number,
  alerting: Alerting,
): Promise<readonly WrittenAlert[]> {
  const context = await readAlertContext(tx, sweepRow);
  if (context === undefined) return [];
  const events = pendingEventsOf(sql`select unnest(${findings}::integer[])`);
  return alertChanges(tx, events, context, alerting);
}
