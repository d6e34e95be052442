import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/**
 * Ends the findings of keys that left the inventory; only a full sweep may say that they left.
 * Not of those that the sweep audited itself: they left while it ran, and the next one says so.
 * Whoever calls has locked them.
 */
export async function resolveUntracked(tx: RecordsTransaction, sweepId: number): Promise<void> {
  await sql`
    with ended as (
      update keysweep.finding f set state = 'resolved', resolved_at = now(),
        resolution = 'untracked', waiver = null, waived_until = null
      from keysweep.finding old join keysweep.tracked_key k on k.id = old.key_id
      where old.id = f.id and old.state <> 'resolved' and k.untracked_at is not null
        and not exists (
          select from keysweep.sweep_key s where s.sweep_id = ${sweepId} and s.key_id = k.id
        )
      returning f.id, f.facts, old.state
    )
    insert into keysweep.finding_event (finding_id, sweep_id, kind, was, resolution, facts)
    select id, ${sweepId}, 'resolved', state, 'untracked', facts from ended order by id
  `.execute(tx);
}
