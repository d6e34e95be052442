import { type RawBuilder, sql } from 'kysely';
import { verdictInSql } from '../codes.ts';

/**
 * The unknown keys of a closed or closing sweep, with their judgements, as `s` of a `from`. Opens
 * each pack that has one, once. Joined to the view `sweep_key` instead, the planner opens the whole
 * sweep once per pack: it does not expect all keys to be unknown, as after an outage.
 */
export function unknownKeys(sweepRow: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    select k.key_id, k.judgement from keysweep.pack u
    join keysweep.sweep_batch b on b.sweep_id = u.sweep_id and b.batch = u.batch
    join keysweep.key_list l on l.id = b.list_id
    cross join lateral unnest(l.key_ids, u.verdicts, u.judgements)
      as k (key_id, verdict, judgement)
    where u.sweep_id = ${sweepRow} and u.unknown > 0 and k.verdict = ${verdictInSql('unknown')}
  ) s`;
}
