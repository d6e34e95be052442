import { type RawBuilder, sql } from 'kysely';

/**
 * The hash of a key list, in SQL, over its tracked keys `k` and their inventory entries `e` in an
 * aggregate: see docs/evidence-format.md. `order`: what puts the keys in the order of their rows.
 */
export function listHashInSql(order: RawBuilder<unknown>): RawBuilder<Uint8Array> {
  return sql`sha256(string_agg(sha256(convert_to(k.source, 'UTF8'))
    || sha256(convert_to(k.key_id, 'UTF8')) || e.hash, ''::bytea order by ${order}))`;
}
