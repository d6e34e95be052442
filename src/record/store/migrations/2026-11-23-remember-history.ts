import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What rules compare a key with, as it could be read last; it stands with the key, so that retention
 * cannot remove it. `known_at`: the newest sweep in which its verdict was not unknown.
 */
const memory = sql`
  alter table keysweep.tracked_key
    add column known_at timestamptz,
    add column first_scopes text[],
    add column seen_at timestamptz,
    add column seen_last_used timestamptz,
    add column seen_created_on timestamptz,
    add column seen_type text,
    add column seen_last_four text;
`;

const remember = sql`
  update keysweep.tracked_key k set
    seen_at = case when o.content ? 'lastUsed' then null else k.observed_at end,
    seen_last_used = case when o.content ? 'lastUsed' then null else k.last_used end,
    seen_created_on = (o.content->>'createdOn')::timestamptz,
    seen_type = o.content->>'type',
    seen_last_four = o.content->>'lastFour'
  from keysweep.observation o
  where o.id = k.observation_id and not o.content ? 'missing';
  update keysweep.tracked_key k set known_at = known.at
  from (
    select s.key_id, max(w.opened_at) as at from keysweep.sweep_key s
    join keysweep.sweep w on w.id = s.sweep_id where s.verdict <> 4 group by s.key_id
  ) known
  where known.key_id = k.id;
  update keysweep.tracked_key k set first_scopes = array(
    select jsonb_array_elements_text(first.scopes)
  )
  from (
    select distinct on (s.key_id) s.key_id, o.content->'scopes' as scopes
    from keysweep.sweep_key s join keysweep.observation o on o.id = s.observation_id
    where o.content ? 'scopes' order by s.key_id, s.observed_at
  ) first
  where first.key_id = k.id;
`;

/** What a waiver was given for: a key's type and scopes, as they were when it covered it first. */
const waivers = sql`
  create table keysweep.waived_key (
    key_id integer not null references keysweep.tracked_key,
    waiver_hash text not null,
    digest text not null,
    sweep_id integer not null,
    voided_at timestamptz,
    primary key (key_id, waiver_hash)
  );
  alter table keysweep.finding
    add column waiver jsonb,
    add column waived_until timestamptz;
  create index finding_waived on keysweep.finding (waived_until) where state = 'waived';
  alter table keysweep.finding_event
    add column was text check (was in ('open', 'waived', 'resolved')),
    add column note jsonb;
  alter table keysweep.finding_event drop constraint finding_event_kind_check;
  alter table keysweep.finding_event add constraint finding_event_kind_check
    check (kind in ('opened', 'reopened', 'resolved', 'waived', 'lapsed'));
  create index finding_event_finding on keysweep.finding_event (finding_id, id);
`;

export const rememberHistory: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [memory, remember, waivers]) await part.execute(db);
  },
};
