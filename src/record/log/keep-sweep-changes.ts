import { type RawBuilder, sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';

/** A sweep that is being closed. */
export interface ChangingSweep {
  readonly id: number;
  readonly uuid: string;
  readonly scope: 'full' | 'partial';
}

/**
 * Keeps what a sweep changed of findings and, after a full sweep, also which findings stand, in the
 * bytes that `encodeChanges` would write. Returns the object's name. PostgreSQL writes them by
 * itself, because a first night's have megabytes: `to_json` escapes texts as ECMAScript does. Events
 * that came after the closing, such as that of a waiver that expired, bear the name of the sweep too,
 * and are left out. `concat` over all of it, or a subquery for the events, would copy them more often.
 */
export async function keepSweepChanges(
  tx: RecordsTransaction,
  { id, uuid, scope }: ChangingSweep,
): Promise<string> {
  const { rows } = await sql<{ name: string }>`
    insert into keysweep.log_object (hash, body)
    select sha256(body), body from (
      select convert_to('{"events":[' || coalesce(string_agg(${event}, ','), '') || concat(
        '],"standing":', ${scope === 'full' ? sql`(${standing})` : sql`'null'`},
        ',"sweep":', to_json(${uuid}::text), ',"version":1}'
      ), 'UTF8') as body
      from (${eventsOf(id)}) v offset 0
    ) made
    on conflict (hash) do update set body = excluded.body
    returning encode(hash, 'hex') as name
  `.execute(tx);
  const [kept] = rows;
  if (kept === undefined) throw new Error('what the sweep changed was not kept');
  return kept.name;
}

/** Rows are sorted before they become text, because they are shorter then. */
function eventsOf(sweepRow: number): RawBuilder<unknown> {
  return sql`
    select v.id, v.finding_id, v.kind, v.was, v.resolution, ${msOf(sql`v.at`)} as at, f.controls,
      f.fingerprint collate "C" as fingerprint, f.key_text, f.rule, f.severity, f.source, f.type,
      f.first_seen_at
    from keysweep.finding_event v join keysweep.finding f on f.id = v.finding_id
    where v.sweep_id = ${sweepRow} and v.kind <> 'reminder'
      and v.at <= (select closed_at from keysweep.sweep where id = ${sweepRow})
    order by fingerprint, v.id offset 0
  `;
}

/**
 * The text of an event `v`, member by member: `row_to_json` takes longer, and so does `concat`. Only
 * what may hold anything is escaped, because `to_json` takes 0.2 µs a text: the other texts are ids
 * of a policy or a source, which have no character to escape, or words of keysweep. Whoever edits
 * one of them by hand breaks the canonical form, which a pack and `evidence check` name.
 */
const event = sql`
  '{"at":' || v.at || ',"controls":' || array_to_json(v.controls)
  || ',"finding":"' || v.fingerprint || '","keyId":' || to_json(v.key_text)
  || ',"kind":"' || v.kind || '","resolution":' || coalesce('"' || v.resolution || '"', 'null')
  || ',"rule":"' || v.rule || '","severity":"' || v.severity
  || '","since":' || case when ${begins('v')} then v.at else ${msOf(sql`coalesce((
      select max(o.at) from keysweep.finding_event o
      where o.finding_id = v.finding_id and o.id < v.id and ${begins('o')}
    ), v.first_seen_at)`)} end
  || ',"source":"' || v.source || '","type":"' || v.type || '"}'
`;

/** Whether an event opens a finding that was not there, or was resolved. */
function begins(event: 'v' | 'o') {
  const [kind, was] = [sql.ref(`${event}.kind`), sql.ref(`${event}.was`)];
  return sql`(${kind} in ('opened', 'reopened') or ${kind} = 'waived' and ${was} is distinct from 'open')`;
}

/** Columns are in the order of the canonical form. */
const standing = sql`
  select concat('[', string_agg(row_to_json(told)::text, ',' order by rule collate "C"), ']')
  from (
    select count(*) filter (where state = 'open') as open, rule,
      ${msOf(sql`min(first_seen_at)`)} as since, count(*) filter (where state = 'waived') as waived
    from keysweep.finding where state <> 'resolved' group by rule
  ) told
`;

/** Whole milliseconds since the epoch. */
function msOf(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`floor(extract(epoch from ${instant}) * 1000)::bigint`;
}
