import { type RawBuilder, sql } from 'kysely';

/**
 * Whether receivers know the changes of a full sweep: it was never held, or its holding ended
 * without a withdrawal. SQL; `sweep`: the alias of the sweep's row.
 */
export function wasAlerted(sweep: string): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${sql.ref(`${sweep}.held`)}, 'released') in ('released', 'confirmed')`;
}
