import { sql } from 'kysely';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import { setBackMs } from '../../../schedule/plan-ticks.ts';
import { isVerdictCode, verdictOf } from '../../store/codes.ts';
import type { Records } from '../../store/database.ts';

interface WrongField {
  readonly source: string;
  readonly keyId: string;
  readonly sweep: string;
  readonly field: string;
  readonly was: string | null;
  readonly is: string | null;
}

const mostTracked = 1_000;

/**
 * Compares the state of keys, which pages show and the next sweep judges by, with the newest full
 * sweep. Keys that another sweep may have observed since are left out, and so are those that follow
 * an observation of a time to which the clock was set back.
 */
export async function checkTracked(db: Records, note: NoteDifference): Promise<void> {
  const { rows } = await sql<WrongField>`
    with newest as materialized (
      select id, uuid, opened_at, closed_at from keysweep.sweep
      where scope = 'full' and closed_at is not null and not simulated order by closing desc limit 1
    ), differing as materialized (
      select k.*, w.uuid as sweep, w.opened_at, w.closed_at, r.verdict as r_verdict,
        r.observed_at as r_observed_at, r.observation_id as r_observation_id,
        r.entry_id as r_entry_id, r.last_used as r_last_used, o.content
      from newest w
      cross join lateral (
        select * from keysweep.sweep_key s where s.sweep_id = w.id offset 0
      ) r
      join keysweep.tracked_key k on k.id = r.key_id
      left join keysweep.observation o on o.id = r.observation_id
      where r.observed_at is not null
        and not coalesce(k.observed_at > r.observed_at and k.observed_at <= r.observed_at
          + ${sql.lit(setBackMs)} * interval '1 millisecond', false)
        and (
          (k.verdict, k.verdict_at) is distinct from (r.verdict, r.observed_at)
          or r.observation_id is not null and ((k.observed_at, k.observation_id, k.observed_entry_id)
              is distinct from (r.observed_at, r.observation_id, r.entry_id)
            or k.last_used is distinct from r.last_used
            or k.seen_at is distinct from r.observed_at
            or r.verdict <> 4 and k.known_at is distinct from w.opened_at
            or ${at('k.seen_created_on')} is distinct from o.content ->> 'createdOn'
            or (k.seen_type, k.seen_last_four, k.seen_name) is distinct from
              (o.content ->> 'type', o.content ->> 'lastFour', o.content ->> 'name'))
        )
    ), wrong as materialized (
      select d.id, d.source, d.key_id, d.sweep, x.field, x.was, x."is"
      from differing d cross join lateral (
        select d.r_observation_id is not null as known, d.content ? 'missing' as gone
      ) about cross join lateral (values
        (true, 'verdict', d.r_verdict::text, d.verdict::text),
        (true, 'judged at', ${at('d.r_observed_at')}, ${at('d.verdict_at')}),
        (known, 'observed at', ${at('d.r_observed_at')}, ${at('d.observed_at')}),
        (known, 'what the vendor said', d.r_observation_id::text, d.observation_id::text),
        (known, 'what the inventory said', d.r_entry_id::text, d.observed_entry_id::text),
        (known and d.r_last_used is not null, 'lastUsed', ${at('d.r_last_used')},
          ${at('d.last_used')}),
        (known and not gone and not d.content ? 'lastUsed', 'last use read at',
          ${at('d.r_observed_at')}, ${at('d.seen_at')}),
        (known and not gone and not d.content ? 'lastUsed', 'last use that was read',
          ${at('d.r_last_used')}, ${at('d.seen_last_used')}),
        (known and d.r_verdict <> 4 and (d.known_at is null
            or d.known_at not between d.opened_at and d.closed_at), 'last known in the sweep of',
          ${at('d.opened_at')}, ${at('d.known_at')}),
        (d.content ->> 'createdOn' ~ '^[0-9]{4}-', 'createdOn', d.content ->> 'createdOn',
          ${at('d.seen_created_on')}),
        (d.content ->> 'type' is not null, 'type', d.content ->> 'type', d.seen_type),
        (d.content ->> 'lastFour' is not null, 'lastFour', d.content ->> 'lastFour',
          d.seen_last_four),
        (length(d.content ->> 'name') between 1 and 200, 'name', d.content ->> 'name', d.seen_name)
      ) as x (compared, field, was, "is")
      where x.compared and x.was is distinct from x."is"
      limit ${mostTracked}
    )
    select source, key_id as "keyId", sweep, field, was, "is" from wrong
    where not exists (
      select from keysweep.sweep other cross join newest w
      where other.id <> w.id and (other.closed_at is null or other.closed_at > w.opened_at)
        and exists (select from keysweep.sweep_key_of(other.id, wrong.id))
    )
    order by source, key_id, field
  `.execute(db);
  for (const { source, keyId, sweep, field, was, is } of rows) {
    const where = { code: 'key', source, keyId, sweep, place: 'its newest state', field } as const;
    note({ ...where, was: wordOf(field, was), is: wordOf(field, is) });
  }
}

/** An instant as a content has it. */
function at(column: string) {
  return sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

function wordOf(field: string, value: string | null): string {
  if (value === null) return 'none';
  const code = Number(value);
  return field === 'verdict' && isVerdictCode(code) ? verdictOf(code) : value;
}
