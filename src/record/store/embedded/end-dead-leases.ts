import { sql } from 'kysely';
import type { Database } from '../database.ts';

/**
 * Ends the leases and the locks of jobs that an earlier process left in the embedded store, so that
 * their work goes on at once. The caller holds the folder, so nobody works under them any more.
 */
export async function endDeadLeases({ db }: Pick<Database, 'db'>): Promise<void> {
  await sql`
    update keysweep.sweep_batch set leased_until = now()
    where done_at is null and leased_until > now()
  `.execute(db);
  await sql`
    update keysweep.alert set leased_until = now() where state = 'pending' and leased_until > now()
  `.execute(db);
  // BullMQ takes back a job whose lock has ended if it was marked at an earlier look, and looks
  // when a worker starts, unless somebody has looked a moment ago.
  await sql`
    update bullmq.job set locked_until_ms = 0, stalled_marked = true where state = 'active'
  `.execute(db);
  await sql`delete from bullmq.meta where field = 'stalled-check'`.execute(db);
}
