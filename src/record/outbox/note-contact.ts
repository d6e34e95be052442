import { sql } from 'kysely';
import type { Database, RecordsTransaction } from '../store/database.ts';

/** After a longer silence nobody was away: most likely no keysweep was running. */
const longestOutageMs = 3_600_000;

/** How often a process that sends alerts is in contact with the database. */
export function beatMs(leaseMs: number): number {
  return leaseMs / 24;
}

/**
 * Writes down that the database can be reached. If nobody reached it for a while, the workers that
 * were sending could neither renew their leases nor record what they had sent: each gets a whole
 * lease from now on to do so. Without this, another worker would send those alerts again at the
 * moment when the database returns. The embedded store has no connection to lose.
 */
export async function noteContact(database: Database, leaseMs: number): Promise<void> {
  if (database.kind === 'embedded') return;
  const found = await sql<{ agoMs: number }>`
    select (extract(epoch from clock_timestamp() - seen_at) * 1000)::float8 as "agoMs"
    from keysweep.contact
  `.execute(database.db);
  const { agoMs } = found.rows[0] ?? { agoMs: Number.POSITIVE_INFINITY };
  if (agoMs >= 0 && agoMs < beatMs(leaseMs)) return;
  await database.transact((tx) => writeContact(tx, leaseMs));
}

async function writeContact(tx: RecordsTransaction, leaseMs: number): Promise<void> {
  // One worker at a time: the others then see its contact, and find no outage.
  const before = await sql<{ seenAt: string; agoMs: number }>`
    select seen_at::text as "seenAt",
      (extract(epoch from clock_timestamp() - seen_at) * 1000)::float8 as "agoMs"
    from keysweep.contact for update
  `.execute(tx);
  const last = before.rows[0];
  if (last !== undefined) await correctLeases(tx, last, leaseMs);
  await sql`
    insert into keysweep.contact (seen_at) values (clock_timestamp())
    on conflict (single) do update set seen_at = excluded.seen_at
  `.execute(tx);
}

async function correctLeases(
  tx: RecordsTransaction,
  { seenAt, agoMs }: { readonly seenAt: string; readonly agoMs: number },
  leaseMs: number,
): Promise<void> {
  if (agoMs < 0) {
    // The database's clock was stepped back: no lease lasts until the old future.
    await sql`
      update keysweep.alert set leased_until = least(leased_until, ${fromNow(leaseMs)})
      where state = 'pending' and leased_until is not null
    `.execute(tx);
  } else if (agoMs > 3 * beatMs(leaseMs)) {
    const moreMs = agoMs > longestOutageMs ? 4 * beatMs(leaseMs) : leaseMs;
    await sql`
      update keysweep.alert set leased_until = greatest(leased_until, ${fromNow(moreMs)})
      where state = 'pending' and leased_until > ${seenAt}::timestamptz
    `.execute(tx);
  }
}

function fromNow(ms: number) {
  return sql`clock_timestamp() + ${ms} * interval '1 millisecond'`;
}
