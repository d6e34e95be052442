import { type RawBuilder, sql } from 'kysely';

/**
 * The hash of a key list, in SQL, over its tracked keys `k` and their inventory entries `e` in an
 * aggregate: see docs/evidence-format.md. `order`: what puts the keys in the order of their rows.
 */
export function listHashInSql(order: RawBuilder<unknown>): RawBuilder<Uint8Array> {
  return sql`sha256(string_agg(sha256(convert_to(k.source, 'UTF8'))
    || sha256(convert_to(k.key_id, 'UTF8')) || e.hash, ''::bytea order by ${order}))`;
}

/**
 * The tables `list` and `listed` of a `with` that stores each distinct key list once. `keys`: rows
 * of `batch, key_id, entry_id`, where a batch has keys of one source. `listed` has a row per batch:
 * `batch, source, first_key, size, list_id`.
 */
export function storedKeyLists(keys: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`list as materialized (
      select p.batch, k.source, min(p.key_id) as first_key, max(p.key_id) as last_key,
        array_agg(p.key_id order by p.key_id) as key_ids,
        array_agg(p.entry_id order by p.key_id) as entry_ids,
        ${listHashInSql(sql`p.key_id`)} as hash
      from (${keys}) as p (batch, key_id, entry_id)
      join keysweep.tracked_key k on k.id = p.key_id
      join keysweep.inventory_entry e on e.id = p.entry_id
      group by p.batch, k.source
    ), fresh as (
      insert into keysweep.key_list (hash, first_key, last_key, key_ids, entry_ids)
      select hash, first_key, last_key, key_ids, entry_ids from list
      on conflict (hash) do nothing returning id, hash
    ), listed as (
      select l.batch, l.source, l.first_key, cardinality(l.key_ids) as size,
        coalesce(f.id, known.id) as list_id
      from list l
      left join fresh f on f.hash = l.hash
      left join keysweep.key_list known on known.hash = l.hash
    )`;
}
