import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/** One decision at a time for a schedule: two ticks must not both see that nothing is open. */
export async function lockSchedule(tx: RecordsTransaction, schedule: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`keysweep.schedule.${schedule}`}))`.execute(tx);
}
