import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/** Counts the keys of a full sweep by source, owner, environment and verdict, for the overview. */
export async function writeFleetGroups(tx: RecordsTransaction, sweepRow: number): Promise<void> {
  await sql`delete from keysweep.fleet_group`.execute(tx);
  await sql`
    insert into keysweep.fleet_group (source, owner, environment, verdict, keys)
    select k.source, e.owner, e.environment, s.verdict, count(*)
    from keysweep.sweep_key s
    join keysweep.tracked_key k on k.id = s.key_id
    join keysweep.inventory_entry e on e.id = s.entry_id
    where s.sweep_id = ${sweepRow}
    group by k.source, e.owner, e.environment, s.verdict
  `.execute(tx);
}
