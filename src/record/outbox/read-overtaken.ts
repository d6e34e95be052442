import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/**
 * Which of these alerts for incident channels were overtaken: a later one about the same incident
 * was delivered to their channel, or is on its way there now.
 */
export async function readOvertaken(
  tx: RecordsTransaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const found = await sql<{ id: string }>`
    select distinct mine.id
    from keysweep.alert mine
    join keysweep.alert later on later.incident = mine.incident
      and later.channel = mine.channel and later.place > mine.place
    where mine.id = any (${[...ids]}::uuid[]) and (
      later.state = 'delivered'
      or (later.state = 'pending' and later.leased_until > clock_timestamp())
    )
  `.execute(tx);
  return new Set(found.rows.map(({ id }) => id));
}
