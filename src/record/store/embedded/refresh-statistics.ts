import { sql } from 'kysely';
import type { Database } from '../database.ts';

/**
 * A PostgreSQL server counts its tables by itself, from time to time; the embedded store does not,
 * and the planner of one that was never counted sorts whole tables to list a page. Rows of sweeps
 * are left out: they are many, and no statement leaves their plan to the planner.
 */
export async function refreshStatistics({ db, kind }: Database): Promise<void> {
  if (kind !== 'embedded') return;
  for (const table of ['tracked_key', 'inventory_entry', 'observation', 'finding', 'alert']) {
    await sql`analyze ${sql.id('keysweep', table)}`.execute(db);
  }
}
