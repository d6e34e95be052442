import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../database.ts';

/**
 * Locks findings in the order of their ids, as every caller does, to prevent deadlocks. `which`: a
 * condition in SQL on `f`.
 */
export async function lockFindings(
  tx: RecordsTransaction,
  which: RawBuilder<unknown>,
): Promise<void> {
  await sql`
    select count(*) from (
      select from keysweep.finding f where ${which} order by f.id for no key update of f
    ) locked
  `.execute(tx);
}
