import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { type AskedChange, recordAsked, recordDone, recordEnd } from './record-asked.ts';

/** Records a request that came over the queue, in its transaction. A job may run twice. */
export async function recordQueued(
  tx: RecordsTransaction,
  requestId: string,
  asked: AskedChange,
): Promise<void> {
  const before = await sql`
    select from keysweep.audit_record where request_id = ${requestId}::uuid
  `.execute(tx);
  if (before.rows.length > 0) return;
  await recordDone(tx, asked, requestId);
}

/** A request that cannot be read, so that it never became a row. */
export async function recordRefused(
  tx: RecordsTransaction,
  asked: AskedChange,
  reason: string,
): Promise<void> {
  await recordEnd(tx, await recordAsked(tx, asked), { outcome: 'refused', reason });
}

/** A request that was taken, and could not be carried out. */
export async function recordRefusal(
  tx: RecordsTransaction,
  requestId: string,
  reason: string,
): Promise<void> {
  await sql`
    update keysweep.audit_record set outcome = 'refused', reason = ${reason},
      ended_at = clock_timestamp()
    where request_id = ${requestId}::uuid
  `.execute(tx);
}
