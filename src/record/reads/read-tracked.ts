import { sql } from 'kysely';
import { mostCandidates } from '../../text/id-beginning.ts';
import type { Database } from '../store/database.ts';

/** The keys of these ids that are tracked now, in every source. The index begins with the source. */
export async function readTracked(
  { db }: Database,
  keyIds: readonly string[],
): Promise<readonly { readonly source: string; readonly keyId: string }[]> {
  if (keyIds.length === 0) return [];
  const found = await sql<{ source: string; keyId: string }>`
    with recursive sources as (
      select min(source) as source from keysweep.tracked_key
      union all
      select (select min(k.source) from keysweep.tracked_key k where k.source > s.source)
      from sources s where s.source is not null
    )
    select k.source, k.key_id as "keyId" from sources s join keysweep.tracked_key k
      on k.source = s.source and k.key_id = any (${[...keyIds]}::text[]) and k.untracked_at is null
    order by k.source, k.key_id
  `.execute(db);
  return found.rows;
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
