import { sql } from 'kysely';
import { mostCandidates } from '../../text/id-beginning.ts';
import type { Database } from '../store/database.ts';

/** The keys of this id that are tracked now, in every source. */
export async function readTracked(
  { db }: Database,
  keyId: string,
): Promise<readonly { readonly source: string; readonly keyId: string }[]> {
  return db
    .selectFrom('tracked_key')
    .select(['source', 'key_id as keyId'])
    .where('key_id', '=', keyId)
    .where('untracked_at', 'is', null)
    .orderBy('source')
    .execute();
}

/**
 * The first ids of keys that are tracked now and begin so: enough for a list of candidates. The id
 * that is the beginning itself is among them.
 */
export async function readTrackedIds(
  { db }: Database,
  beginning: string,
  source: string | undefined,
): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`
    select distinct key_id collate "C" as id from keysweep.tracked_key
    where starts_with(key_id, ${beginning}) and untracked_at is null
      and source = coalesce(${source ?? null}::text, source)
    order by id limit ${mostCandidates + 1}
  `.execute(db);
  return found.rows.map(({ id }) => id);
}
