import { sql } from 'kysely';
import type { Database } from './database.ts';

/** What one pass removed. */
export interface Pruned {
  readonly sweeps: number;
  readonly observations: number;
}

const sweepsAPass = 20;

/**
 * Removes sweeps that closed longer ago than the retention, with their rows, and observations that
 * no sweep and no key points at any more. Seals and findings stay. The newest closed full sweep
 * stays whatever its age, so that there always is a report. Small transactions, oldest first.
 */
export async function pruneEvidence(database: Database, retentionMs: number): Promise<Pruned> {
  let sweeps = 0;
  for (;;) {
    const removed = await removeSweeps(database, retentionMs);
    sweeps += removed;
    if (removed < sweepsAPass) break;
  }
  if (sweeps === 0) return { sweeps, observations: 0 };
  return { sweeps, observations: await removeObservations(database) };
}

async function removeSweeps(database: Database, retentionMs: number): Promise<number> {
  const removed = await sql`
    delete from keysweep.sweep where id in (
      select id from keysweep.sweep
      where closed_at < now() - ${retentionMs} * interval '1 millisecond'
        and id is distinct from (
          select id from keysweep.sweep where scope = 'full' and closed_at is not null
          order by closed_at desc limit 1
        )
      order by id limit ${sweepsAPass}
    )
  `.execute(database.db);
  return Number(removed.numAffectedRows ?? 0n);
}

/** Alone: a batch being recorded may be about to point at an observation that nothing points at. */
async function removeObservations(database: Database): Promise<number> {
  return database.transact(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('keysweep.observation'))`.execute(tx);
    const removed = await sql`
      delete from keysweep.observation o
      where not exists (select from keysweep.sweep_key s where s.observation_id = o.id)
        and not exists (select from keysweep.tracked_key k where k.observation_id = o.id)
    `.execute(tx);
    return Number(removed.numAffectedRows ?? 0n);
  });
}
