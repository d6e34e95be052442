import { sql } from 'kysely';
import type { KeyState } from '../../evaluate/history/key-state.ts';
import type { ClaimedBatch } from '../store/claimed-batch.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { AdvancedKey } from './moves.ts';

/** Writes new baselines of waivers, and changes in which waivers are void. */
export async function writeWaivers(
  tx: RecordsTransaction,
  { sweepRow }: Pick<ClaimedBatch, 'sweepRow'>,
  keys: readonly AdvancedKey[],
): Promise<void> {
  const changes = keys.flatMap(({ row, state, next }) =>
    state.waived === next.waived
      ? []
      : changesOf(state.waived, next.waived).map((change) => ({ row, ...change })),
  );
  if (changes.length === 0) return;
  await sql`
    insert into keysweep.waived_key (key_id, waiver_hash, digest, sweep_id, voided_at)
    select row, hash, digest, ${sweepRow}, case when ended then now() end
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb)
      as n (row integer, hash text, digest text, ended boolean)
    on conflict (key_id, waiver_hash) do update set voided_at = excluded.voided_at
  `.execute(tx);
}

function changesOf(before: KeyState['waived'], next: KeyState['waived']) {
  return [...next].flatMap(([hash, { digest, void: ended }]) =>
    before.get(hash)?.void === ended ? [] : [{ hash, digest, ended }],
  );
}
