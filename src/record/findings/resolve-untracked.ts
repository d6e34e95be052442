import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import { advanceFindings } from './advance-findings.ts';

/**
 * Ends the findings of keys that left the inventory; only a full sweep may do so. Keys that this
 * sweep audited left while it ran: the next sweep ends their findings. Locks the findings: a key may
 * leave after the caller has locked the others. “offset 0” leaves the planner no choice: it does not
 * know yet that a whole source has left, and compared its keys with each finding.
 */
export async function resolveUntracked(tx: RecordsTransaction, sweepId: number): Promise<void> {
  const found = await sql<{ id: number; now: Date }>`
    select f.id, now() as now from keysweep.finding f
    cross join lateral (
      select id from keysweep.tracked_key
      where id = f.key_id and untracked_at is not null offset 0
    ) k
    where f.state <> 'resolved' and not exists (
      select from keysweep.sweep_key_of(${sweepId}::integer, k.id)
    )
    order by f.id for no key update of f
  `.execute(tx);
  const ids = found.rows.map(({ id }) => id);
  const at = found.rows[0]?.now ?? new Date(0);
  await advanceFindings(tx, ids, { kind: 'untracked' }, { sweepRow: sweepId, at });
}
