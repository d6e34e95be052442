import { type RawBuilder, sql } from 'kysely';

/** The rows of a sweep for these keys, as `s` of a `from`. */
export function sweepRows(sweepRow: number, keyRows: readonly number[]): RawBuilder<unknown> {
  return openHeld(sql`
    select ${sweepRow}::integer as sweep_id, key_id from unnest(${keyRows}::integer[]) as k (key_id)
  `);
}

/** The rows of these keys, each in its sweep, as `s` of a `from`. */
export function rowsOfPairs(
  pairs: readonly (readonly [sweepRow: number, keyRow: number])[],
): RawBuilder<unknown> {
  const sweeps = pairs.map(([sweepRow]) => sweepRow);
  const keys = pairs.map(([, keyRow]) => keyRow);
  return openHeld(sql`
    select * from unnest(${sweeps}::integer[], ${keys}::integer[]) as k (sweep_id, key_id)
  `);
}

/**
 * The keys and the batches that hold them are found one by one through an index, and only these are
 * opened. The planner gets no choice: it would read all keys and open every batch of the sweep.
 */
function openHeld(wanted: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    with wanted as materialized (${wanted}), held as materialized (
      select distinct w.sweep_id, b.batch from wanted w
      cross join lateral (
        select t.source from keysweep.tracked_key t where t.id = w.key_id offset 0
      ) t
      cross join lateral (
        select b.batch from keysweep.sweep_batch b
        where b.sweep_id = w.sweep_id and b.source = t.source and b.first_key <= w.key_id
        order by b.first_key desc limit 1
      ) b
    )
    select r.* from held h
    cross join lateral (
      select * from keysweep.sweep_key r
      where r.sweep_id = h.sweep_id and r.batch = h.batch offset 0
    ) r
    join wanted w on w.sweep_id = r.sweep_id and w.key_id = r.key_id
  ) s`;
}
