import { type RawBuilder, sql } from 'kysely';

/**
 * The rows of a sweep for these keys, as `s` of a `from`, each found through the primary key. Said so
 * that the planner has no choice: its statistics know nothing of a sweep of this night, and of a
 * sweep it believes to have few rows it would read all of them for every batch and page.
 */
export function sweepRows(sweepRow: number, keyRows: readonly number[]): RawBuilder<unknown> {
  return sweepRowsOf(sweepRow, sql`unnest(${keyRows}::integer[]) as wanted (key_id)`);
}

/** The same, beside what else is `wanted` for each `wanted.key_id`. */
export function sweepRowsOf(sweepRow: number, wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${wanted} cross join lateral (
    select * from keysweep.sweep_key k
    where k.sweep_id = ${sweepRow} and k.key_id = wanted.key_id offset 0
  ) s`;
}
