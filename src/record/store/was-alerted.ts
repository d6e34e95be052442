import { type RawBuilder, sql } from 'kysely';

/**
 * Whether receivers know what a full sweep changed: it was never held, or is held no longer and was
 * not withdrawn. SQL; `sweep`: the alias of the sweep's row.
 */
export function wasAlerted(sweep: string): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${sql.ref(`${sweep}.held`)}, 'released') in ('released', 'confirmed')`;
}
