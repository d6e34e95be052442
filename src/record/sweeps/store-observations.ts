import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import type { StoredContent } from '../store/observation-content.ts';

/** Ids of the contents by their hash. Inserts in sorted order, so that batches cannot deadlock. */
export async function storeObservations(
  tx: RecordsTransaction,
  contents: readonly (StoredContent | undefined)[],
): Promise<ReadonlyMap<string, number>> {
  await keepObservations(tx);
  const distinct = new Map(
    contents.flatMap((content) =>
      content === undefined ? [] : [[content.hash, content.json] as const],
    ),
  );
  const sorted = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = sorted.map(([hash]) => hash);
  const known = await readObservationIds(tx, hashes);
  const fresh = sorted.filter(([hash]) => !known.has(hash));
  if (fresh.length === 0) return known;
  await sql`
    insert into keysweep.observation (hash, content)
    select decode(h, 'hex'), c::jsonb
    from unnest(${fresh.map(([hash]) => hash)}::text[], ${fresh.map(([, json]) => json)}::text[])
      as f (h, c)
    on conflict (hash) do nothing
  `.execute(tx);
  return readObservationIds(tx, hashes);
}

/** Prevents the removal of observations until this transaction ends, because it will use some. */
async function keepObservations(tx: RecordsTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('keysweep.observation'))`.execute(tx);
}

async function readObservationIds(tx: RecordsTransaction, hashes: readonly string[]) {
  const found = await sql<{ id: number; hash: string }>`
    select id, encode(hash, 'hex') as hash from keysweep.observation
    where hash in (select decode(h, 'hex') from unnest(${hashes}::text[]) h)
  `.execute(tx);
  return new Map(found.rows.map((row) => [row.hash, row.id]));
}
