import { type RawBuilder, sql } from 'kysely';
import { verdictInSql, verdictWordInSql } from '../store/codes.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { toContent } from '../store/observation-content.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';
import { wasAlerted } from '../store/was-alerted.ts';

/** Keys per statement: PGlite blocks the process while one runs. */
const keysAtOnce = 10_000;

/** The keys with row ids above `above` and up to `upTo`. */
export interface KeyRange {
  readonly above: number;
  readonly upTo: number;
}

const largestRow = 2_147_483_647;

/** Cuts all keys into ranges that each hold about `keysAtOnce` keys of the earlier sweep. */
export async function readRanges(
  tx: RecordsTransaction,
  earlier: number,
): Promise<readonly KeyRange[]> {
  const found = await sql<{ last_key: number }>`
    select max(last_key) as last_key from (
      select l.last_key,
        sum(p.pass + p.fail + p.waived + p.unknown) over (order by l.last_key) as keys
      from keysweep.pack p
      join keysweep.sweep_batch b on b.sweep_id = p.sweep_id and b.batch = p.batch
      join keysweep.key_list l on l.id = b.list_id
      where p.sweep_id = ${earlier}
    ) batches group by keys / ${keysAtOnce} order by last_key
  `.execute(tx);
  const ends = [...found.rows.map((row) => row.last_key).slice(0, -1), largestRow];
  return ends.map((upTo, index) => ({ above: ends[index - 1] ?? 0, upTo }));
}

/** The row of the content for a missing key; undefined if no key was ever missing. */
export async function readMissingRow(tx: RecordsTransaction): Promise<number | undefined> {
  const content = toContent({ kind: 'missing', at: new Date(0) });
  const found = await sql<{ id: number }>`
    select id from keysweep.observation where hash = decode(${content?.hash ?? ''}, 'hex')
  `.execute(tx);
  return found.rows[0]?.id;
}

/** The two compared sweeps, and the range of keys. All are ids of rows. */
export interface Comparison extends KeyRange {
  readonly sweep: number;
  readonly earlier: number;
  readonly missing: number | undefined;
  /**
   * Whether an observed key that the earlier sweep could not judge counts as one with a verdict.
   */
  readonly unread?: boolean | undefined;
}

/**
 * The keys that this sweep observed, or that left the inventory, and that had a verdict before: in
 * the earlier sweep, or in the newest one closed since whose changes receivers know. Columns:
 * `key_id`, the two rows as `was_…` and `now_…`, and what the key `turned` to, null if it did not
 * change. The full join keeps the planner from searching a sweep once per key: its statistics know
 * nothing about a new sweep.
 */
export function comparedKeys({
  sweep,
  earlier,
  missing = -1,
  unread = false,
  above,
  upTo,
}: Comparison): RawBuilder<unknown> {
  const inRange = sql`s.key_id > ${above} and s.key_id <= ${upTo}
    and s.last_key > ${above} and s.first_key <= ${upTo}`;
  const unknown = verdictInSql('unknown');
  const columns = sql`
    s.key_id, s.verdict, s.observation_id, s.judgement, s.last_used, s.entry_id
  `;
  return sql`(
    with again as (
      select distinct on (s.key_id) ${columns}
      from keysweep.sweep w
      cross join lateral (
        select * from keysweep.sweep_key s
        where s.sweep_id = w.id and s.verdict <> ${unknown} and ${inRange} offset 0
      ) s
      where (w.scope = 'partial' or ${wasAlerted('w')}) and w.id <> ${sweep}
        and ${placeOfClosing('w')} > (select closing from keysweep.sweep where id = ${earlier})
      order by s.key_id, ${placeOfClosing('w')} desc
    ), once as (
      select ${columns} from keysweep.sweep_key s
      where s.sweep_id = ${earlier} and ${inRange}
        and (s.verdict <> ${unknown} or ${unread} and s.observation_id is not null)
    ), before as (
      select key_id, coalesce(a.verdict, o.verdict) as verdict,
        case when a.verdict is null then o.observation_id else a.observation_id end
          as observation_id,
        case when a.verdict is null then o.judgement else a.judgement end as judgement,
        case when a.verdict is null then o.last_used else a.last_used end as last_used,
        coalesce(a.entry_id, o.entry_id) as entry_id
      from once o full join again a using (key_id)
    ), now as (
      select ${columns} from keysweep.sweep_key s where s.sweep_id = ${sweep} and ${inRange}
    ), joined as (
      select key_id, b.verdict as was_verdict, b.observation_id as was_observation,
        b.judgement as was_judgement, b.last_used as was_last_used, b.entry_id as was_entry,
        n.verdict as now_verdict, n.observation_id as now_observation,
        n.judgement as now_judgement, n.last_used as now_last_used, n.entry_id as now_entry
      from before b full join now n using (key_id) offset 0
    )
    select *, case
      when now_verdict is null then 'left'
      when now_observation = ${missing} and was_observation is distinct from ${missing}
        then 'missing'
      when now_verdict <> was_verdict
        then ${verdictWordInSql(sql.ref('now_verdict'))}
    end as turned
    from joined
    where was_verdict is not null and case
      when now_verdict is null then exists (
        select from keysweep.tracked_key k where k.id = joined.key_id and k.untracked_at is not null
      )
      else now_observation is not null
    end
  )`;
}
