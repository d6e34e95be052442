import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { storedKeyLists } from '../store/packs/key-lists.ts';
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
  const planned = sql`
    select * from unnest(
      ${rows.map(({ batch }) => batch)}::integer[],
      ${rows.map(({ id }) => id)}::integer[],
      ${rows.map(({ entry }) => entry)}::integer[]
    )`;
  await sql`
    with ${storedKeyLists(planned)}
    insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, list_id, pending)
    select ${sweepRow}, batch, source, first_key, list_id, size from listed
  `.execute(tx);
}
