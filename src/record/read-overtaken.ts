import { sql } from 'kysely';
import { aboutSameFindings } from './about-same-findings.ts';
import type { RecordsTransaction } from './database.ts';

/**
 * Which of these alerts for incident channels were overtaken: a later one about the same finding, or
 * under the same `dedup_key`, was delivered to their channel, or is on its way there now.
 */
export async function readOvertaken(
  tx: RecordsTransaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const byFinding = await sql<{ id: string }>`
    select distinct mine.id
    from ${aboutSameFindings(ids)}
    where other.channel = mine.channel and other.place > mine.place and ${arrived('other')}
  `.execute(tx);
  const byKey = await sql<{ id: string }>`
    select distinct mine.id
    from keysweep.alert mine
    join keysweep.alert later on later.channel = mine.channel and later.place > mine.place
      and later.format = mine.format and later.type <> 'findings.changed'
    where mine.id = any (${[...ids]}::uuid[]) and mine.type <> 'findings.changed'
      and ${arrived('later')} and ${dedupKeyOf('mine')} = ${dedupKeyOf('later')}
  `.execute(tx);
  return new Set([...byFinding.rows, ...byKey.rows].map(({ id }) => id));
}

function arrived(alert: 'other' | 'later') {
  const [state, leased] = [sql.ref(`${alert}.state`), sql.ref(`${alert}.leased_until`)];
  return sql`(${state} = 'delivered' or (${state} = 'pending' and ${leased} > clock_timestamp()))`;
}

/**
 * The body is JSON of ours. Read as text: jsonb refuses a NUL, which a name may hold, and within a
 * text of JSON no quote stands unescaped, so that nothing but the member itself looks so.
 */
function dedupKeyOf(alert: 'mine' | 'later') {
  return sql`substring(${sql.ref(`${alert}.body`)} from '"dedup_key":"([^"]*)"')`;
}
