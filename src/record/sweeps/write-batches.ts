import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { listHashInSql } from '../store/packs/list-hash.ts';
import type { PlannedBatch } from './plan-batches.ts';

/**
 * Writes batches of a sweep, each with the list of its keys and their entries. A list is stored once
 * per distinct content. The caller holds the lock of `mirrorInventory`, so nobody else stores or
 * removes lists meanwhile. Keys are in the order of their rows.
 */
export async function writeBatches(
  tx: RecordsTransaction,
  sweepRow: number,
  batches: readonly PlannedBatch[],
): Promise<void> {
  if (batches.length === 0) return;
  const rows = batches.flatMap(({ batch, keys }) => keys.map((key) => ({ ...key, batch })));
  await sql`
    with list as (
      select p.batch, k.source, min(p.key_id) as first_key, max(p.key_id) as last_key,
        array_agg(p.key_id order by p.key_id) as key_ids,
        array_agg(p.entry_id order by p.key_id) as entry_ids,
        ${listHashInSql(sql`p.key_id`)} as hash
      from unnest(
        ${rows.map(({ batch }) => batch)}::integer[],
        ${rows.map(({ id }) => id)}::integer[],
        ${rows.map(({ entry }) => entry)}::integer[]
      ) as p (batch, key_id, entry_id)
      join keysweep.tracked_key k on k.id = p.key_id
      join keysweep.inventory_entry e on e.id = p.entry_id
      group by p.batch, k.source
    ), fresh as (
      insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
      select hash, first_key, last_key, key_ids, entry_ids from list
      on conflict (hash) do nothing returning id, hash
    )
    insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, list_id, pending)
    select ${sweepRow}, l.batch, l.source, l.first_key, coalesce(f.id, known.id),
      cardinality(l.key_ids)
    from list l
    left join fresh f on f.hash = l.hash
    left join keysweep.key_list known on known.hash = l.hash
  `.execute(tx);
}
