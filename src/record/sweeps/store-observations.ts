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
  const stored = await sql<{ id: number; hash: string }>`
    insert into keysweep.observation (hash, content)
    select decode(h, 'hex'), c::jsonb
    from unnest(${fresh.map(([hash]) => hash)}::text[], ${fresh.map(([, json]) => json)}::text[])
      as f (h, c)
    on conflict (hash) do nothing
    returning id, encode(hash, 'hex') as hash
  `.execute(tx);
  // Another transaction may have stored some of them since they were read.
  if (stored.rows.length < fresh.length) return readObservationIds(tx, hashes);
  return new Map([...known, ...stored.rows.map(({ hash, id }) => [hash, id] as const)]);
}

/** Prevents the removal of observations until this transaction ends, because it will use some. */
async function keepObservations(tx: RecordsTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtext('keysweep.observation'))`.execute(tx);
}

/**
 * The planner gets no choice: while there are tens of thousands of observations, it would read all
 * of them for each batch.
 */
async function readObservationIds(tx: RecordsTransaction, hashes: readonly string[]) {
  const found = await sql<{ id: number; hash: string }>`
    select o.id, h as hash from unnest(${hashes}::text[]) h
    cross join lateral (
      select id from keysweep.observation where hash = decode(h, 'hex') offset 0
    ) o
  `.execute(tx);
  return new Map(found.rows.map((row) => [row.hash, row.id]));
}
