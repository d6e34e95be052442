import { sql } from 'kysely';
import type { Database } from '../../record/store/database.ts';
import type { OpenPermits } from './permits.ts';
import { aheadMs, graceMs, longestHoldMs, type PermitsAnswer } from './plan-permits.ts';

/** Permits that all workers of a database share, by its clock. */
export function createPostgresPermits({ db }: Database): OpenPermits {
  return (source, intervalMs) => ({
    async take({ wanted, urgent }) {
      const { rows } = await sql<PermitsAnswer>`
        select given, in_ms as "inMs" from keysweep.take_permits(${source}, ${intervalMs}::float8,
          ${wanted}, ${urgent}, ${aheadMs}::float8, ${graceMs}::float8, ${longestHoldMs}::float8)
      `.execute(db);
      const [answer] = rows;
      if (answer === undefined) throw new Error('take_permits returned no row');
      return answer;
    },
    async hold(ms) {
      const holdMs = Math.min(ms, longestHoldMs);
      await sql`
        insert into keysweep.source_pace as p (source, free_at, urgent_until)
        values (${source}, clock_timestamp() + ${holdMs}::float8 * interval '1 millisecond', clock_timestamp())
        on conflict (source) do update set free_at = greatest(p.free_at, excluded.free_at)
      `.execute(db);
    },
  });
}
