import { sql } from 'kysely';
import type { RecordsTransaction } from './database.ts';

/** Ends the findings of keys that left the inventory; only a full sweep may say that they left. */
export async function resolveUntracked(tx: RecordsTransaction, sweepId: number): Promise<void> {
  await sql`
    with gone as (
      select f.id from keysweep.finding f join keysweep.tracked_key k on k.id = f.key_id
      where f.state <> 'resolved' and k.untracked_at is not null
      order by f.id for update of f
    ), ended as (
      update keysweep.finding f set state = 'resolved', resolved_at = now(),
        resolution = 'untracked'
      from gone where f.id = gone.id returning f.id, f.facts
    )
    insert into keysweep.finding_event (finding_id, sweep_id, kind, resolution, facts)
    select id, ${sweepId}, 'resolved', 'untracked', facts from ended order by id
  `.execute(tx);
}
