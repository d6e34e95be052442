import { sql } from 'kysely';
import type { ClaimedBatch } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { ObservedRow } from '../store/observed-row.ts';

/**
 * Keeps what keys were when a waiver covered them first, and which waivers are void for them since.
 * Sweeps may overlap: the first to say something of a key and a waiver is the one that counts, and
 * what is void stays void.
 */
export async function keepWaivers(
  tx: RecordsTransaction,
  { sweepRow }: ClaimedBatch,
  rows: readonly ObservedRow[],
): Promise<void> {
  const changes = rows.flatMap(({ row, key }) =>
    key.judgement.waiverChanges.map(({ hash, digest, void: ended }) => {
      return { row, hash, digest, ended };
    }),
  );
  if (changes.length === 0) return;
  await sql`
    insert into keysweep.waived_key as w (key_id, waiver_hash, digest, sweep_id, voided_at)
    select row, hash, digest, ${sweepRow}, case when ended then now() end
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as n (row integer, hash text, digest text, ended boolean)
    order by row, hash
    on conflict (key_id, waiver_hash) do update
      set voided_at = coalesce(w.voided_at, excluded.voided_at)
  `.execute(tx);
}
