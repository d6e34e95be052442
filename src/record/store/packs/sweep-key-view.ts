import { type RawBuilder, sql } from 'kysely';

/**
 * The view `sweep_key`: each key of each sweep, to be read set-wise. For a few keys, `sweep_key_of`
 * is faster. `unmoved too`: with the rows that `moveRows` has still to move, so that whoever reads
 * or prunes meanwhile misses none.
 */
export function replaceSweepKeyView(rows: 'moved' | 'unmoved too'): RawBuilder<unknown> {
  return sql`create or replace view keysweep.sweep_key as ${moved}
    ${rows === 'moved' ? sql`` : unmoved}`;
}

const moved = sql`
    select b.sweep_id, b.batch, b.first_key, l.last_key, k.key_id, k.entry_id, k.observation_id,
      k.verdict, null::smallint as reason,
      p.observed_from + k.observed_ms * interval '1 millisecond' as observed_at, k.last_used,
      k.judgement
    from keysweep.sweep_batch b
    join keysweep.key_list l on l.id = b.list_id
    join keysweep.pack p on p.sweep_id = b.sweep_id and p.batch = b.batch
    cross join lateral unnest(l.key_ids, l.entry_ids, p.observation_ids, p.verdicts, p.observed_ms,
      p.last_used, p.judgements)
      as k (key_id, entry_id, observation_id, verdict, observed_ms, last_used, judgement)
    where b.done_at is not null
    union all
    select b.sweep_id, b.batch, b.first_key, l.last_key, k.key_id, k.entry_id, r.observation_id,
      r.verdict, r.reason, r.observed_at, r.last_used, r.judgement
    from keysweep.sweep_batch b
    join keysweep.key_list l on l.id = b.list_id
    cross join lateral unnest(l.key_ids, l.entry_ids) as k (key_id, entry_id)
    left join keysweep.key_result r on r.sweep_id = b.sweep_id and r.key_id = k.key_id
    where b.done_at is null`;

const unmoved = sql`
    union all
    select b.sweep_id, b.batch, b.first_key, 2147483647, r.key_id, r.entry_id, r.observation_id,
      r.verdict, r.reason, r.observed_at, r.last_used, r.judgement
    from keysweep.sweep_batch b
    join keysweep.key_result r on r.sweep_id = b.sweep_id and r.batch = b.batch
    where b.list_id is null`;
