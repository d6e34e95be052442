import { sql } from 'kysely';
import type { JsonValue } from '../../../evidence/canonical-json.ts';
import type { PackedKey } from '../../../evidence/pack.ts';
import { isVerdictCode } from '../codes.ts';
import type { RecordsTransaction } from '../database.ts';
import type { ListedBatch } from './listed-batches.ts';
import { writePack } from './write-pack.ts';

/** A batch whose keys all have their verdicts. */
export interface FinishedBatch extends ListedBatch {
  readonly sweepRow: number;
  readonly sweepId: string;
  readonly seed: Uint8Array;
}

interface ResultRow {
  readonly key_id: number;
  readonly name: string;
  readonly entry_hash: Uint8Array;
  readonly observation_id: number | null;
  readonly hash: Uint8Array | null;
  readonly verdict: number;
  readonly observed_at: Date | null;
  readonly last_used: Date | null;
  readonly judgement: JsonValue;
}

/**
 * Moves the results of a batch from their rows to its pack. The planner gets no choice: it takes the
 * batch for one row, and would compare each result with each key of the list.
 */
export async function packResults(tx: RecordsTransaction, batch: FinishedBatch): Promise<void> {
  const { sweepRow, sweepId, list } = batch;
  const own = resultsOf(batch);
  const found = await sql<ResultRow>`
    select r.key_id, k.key_id as name, e.hash as entry_hash, r.observation_id, o.hash, r.verdict,
      r.observed_at, r.last_used, r.judgement
    from unnest(${list.keys}::integer[], ${list.entries}::integer[]) as l (key_id, entry_id)
    cross join lateral (
      select * from keysweep.key_result r where ${own} and r.key_id = l.key_id offset 0
    ) r
    join keysweep.tracked_key k on k.id = r.key_id
    join keysweep.inventory_entry e on e.id = l.entry_id
    left join keysweep.observation o on o.id = r.observation_id
    order by r.key_id
  `.execute(tx);
  const rows = new Map(found.rows.map((row) => [row.key_id, row]));
  const keys = list.keys.map((key, index): PackedKey => {
    const row = rows.get(key);
    const entry = list.entries[index];
    if (row === undefined || entry === undefined) {
      throw new Error(`key ${key} of batch ${batch.batch} of sweep ${sweepId} has no result`);
    }
    const { name: keyId, entry_hash: entryHash, verdict, judgement } = row;
    const { observation_id: observation, hash: contentHash } = row;
    if (!isVerdictCode(verdict)) {
      const of = `key ${key} of batch ${batch.batch} of sweep ${sweepId}`;
      throw new Error(`the records hold an unknown verdict of ${of}: ${verdict}`);
    }
    const [observedAt, lastUsed] = [row.observed_at, row.last_used];
    return {
      ...{ key, keyId, entry, entryHash, observation, contentHash },
      ...{ verdict, observedAt, lastUsed, judgement },
    };
  });
  const { seed } = batch;
  await writePack(tx, { sweepRow, seed }, { ...batch, sweep: sweepId, listHash: list.hash, keys });
  await sql`delete from keysweep.key_result r where ${own}`.execute(tx);
}

/** The rows `r` of a batch, through their primary key. */
export function resultsOf({
  sweepRow,
  batch,
  list,
}: Pick<FinishedBatch, 'sweepRow' | 'batch' | 'list'>) {
  return sql`r.sweep_id = ${sweepRow} and r.batch = ${batch}
    and r.key_id between ${list.keys[0] ?? 0} and ${list.keys.at(-1) ?? 0}`;
}
