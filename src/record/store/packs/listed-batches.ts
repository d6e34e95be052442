import { sql } from 'kysely';
import type { Records } from '../database.ts';

/** The keys of a batch with their inventory entries, by their rows and in that order. */
export interface BatchKeys {
  readonly hash: Uint8Array;
  readonly keys: readonly number[];
  readonly entries: readonly number[];
}

export interface ListedBatch {
  readonly batch: number;
  readonly source: string;
  readonly list: BatchKeys;
}

/** The batches of a sweep in their order, each with its keys. */
export async function readListedBatches(
  db: Records,
  sweepRow: number,
): Promise<readonly ListedBatch[]> {
  const { rows } = await sql<{ batch: number; source: string } & BatchKeys>`
    select b.batch, b.source, l.hash, l.key_ids as keys, l.entry_ids as entries
    from keysweep.sweep_batch b join keysweep.key_list l on l.id = b.list_id
    where b.sweep_id = ${sweepRow} order by b.batch
  `.execute(db);
  return rows.map(({ batch, source, ...list }) => ({ batch, source, list }));
}
