import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/** Allows one decision at a time per schedule, so that two ticks cannot both find no open sweep. */
export async function lockSchedule(tx: RecordsTransaction, schedule: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`keysweep.schedule.${schedule}`}))`.execute(tx);
}
