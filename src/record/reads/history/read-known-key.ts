import { sql } from 'kysely';
import type { KnownKey } from '../../../report/key-history/key-history-model.ts';
import type { Database } from '../../store/database.ts';
import { type ListedRow, listedColumns, toListed } from '../lists/listed-key.ts';

/** A key in the records, and its row there. */
export interface KeyInRecords {
  readonly row: number;
  readonly key: KnownKey;
}

interface Row extends ListedRow {
  readonly id: number;
  readonly tracked_at: Date;
  readonly untracked_at: Date | null;
}

/** The key of this name, tracked or not. Undefined if no sweep has ever opened it. */
export async function readKnownKey(
  { db }: Database,
  source: string,
  keyId: string,
): Promise<KeyInRecords | undefined> {
  const found = await sql<Row>`
    select k.id, k.tracked_at, k.untracked_at, ${listedColumns}
    from keysweep.tracked_key k
    join keysweep.inventory_entry e on e.id = k.entry_id
    left join keysweep.observation o on o.id = k.observation_id
    where k.source = ${source} and k.key_id = ${keyId}
  `.execute(db);
  const row = found.rows[0];
  if (row === undefined) return undefined;
  const { tracked_at: trackedAt, untracked_at: untrackedAt } = row;
  return { row: row.id, key: { ...toListed(row), trackedAt, untrackedAt } };
}
