import { type RawBuilder, sql } from 'kysely';

/**
 * The rows of a sweep for these keys, as `s` of a `from`, each found through the primary key. The
 * planner gets no choice: its statistics know nothing about a new sweep, and where it expects few
 * rows it would read the whole sweep for every batch and page.
 */
export function sweepRows(sweepRow: number, keyRows: readonly number[]): RawBuilder<unknown> {
  return sweepRowsOf(sweepRow, sql`unnest(${keyRows}::integer[]) as wanted (key_id)`);
}

/** The same rows, joined with the columns of `wanted` by `wanted.key_id`. */
function sweepRowsOf(sweepRow: number, wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${wanted} cross join lateral (
    select * from keysweep.sweep_key k
    where k.sweep_id = ${sweepRow} and k.key_id = wanted.key_id offset 0
  ) s`;
}
