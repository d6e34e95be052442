import { sql } from 'kysely';
import type { KeyEvent } from '../../../report/key-history/key-history-model.ts';
import type { Database } from '../../store/database.ts';

/** The events of a key's findings in these sweeps, by the row of the sweep, oldest first. */
export async function readKeyEvents(
  { db }: Database,
  keyRow: number,
  sweepRows: readonly number[],
): Promise<ReadonlyMap<number, readonly KeyEvent[]>> {
  const found = await sql<KeyEvent & { sweep_id: number }>`
    select v.sweep_id, v.at, v.kind, f.rule, f.fingerprint, v.resolution, v.note
    from keysweep.finding f join keysweep.finding_event v on v.finding_id = f.id
    where f.key_id = ${keyRow} and v.sweep_id = any (${sweepRows}::integer[])
    order by v.id
  `.execute(db);
  const events = new Map<number, KeyEvent[]>();
  for (const { sweep_id, ...event } of found.rows) {
    events.set(sweep_id, [...(events.get(sweep_id) ?? []), event]);
  }
  return events;
}
