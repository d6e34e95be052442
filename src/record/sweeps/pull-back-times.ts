import { sql } from 'kysely';
import type { Database } from '../store/database.ts';

/** Longer than any lease. A worker that lives renews its own long before this has passed. */
const leaseEnd = sql.raw("clock_timestamp() + interval '2 minutes'");

/** Later than any probe of a source that asked us to stay away, with its margin. */
const probe = sql.raw("clock_timestamp() + interval '10 minutes 2 seconds'");

/**
 * After the database's clock was set back: what was to wait until an instant of the old future
 * waits no longer than it would from now. Every process may call it, because a second call changes
 * nothing more.
 */
export async function pullBackTimes(database: Database): Promise<void> {
  await database.transact(async (tx) => {
    await sql`
      update keysweep.alert set next_at = least(next_at, clock_timestamp()),
        leased_until = least(leased_until, ${leaseEnd})
      where state = 'pending' and (next_at > clock_timestamp() or leased_until > ${leaseEnd})
    `.execute(tx);
    await sql`
      update keysweep.channel_pace set free_at = clock_timestamp()
      where free_at > clock_timestamp()
    `.execute(tx);
    await sql`
      update keysweep.sweep_batch set leased_until = ${leaseEnd}
      where done_at is null and leased_until > ${leaseEnd}
    `.execute(tx);
    await sql`
      update keysweep.sweep
      set deadline_at = least(deadline_at, clock_timestamp() + (deadline_at - opened_at))
      where closed_at is null and opened_at > clock_timestamp()
    `.execute(tx);
    await sql`
      update keysweep.source_wait set probe_at = ${probe} where probe_at > ${probe}
    `.execute(tx);
    await sql`delete from keysweep.source_pace`.execute(tx);
  });
}
