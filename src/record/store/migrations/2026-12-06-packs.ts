import { type Kysely, type Migration, sql } from 'kysely';
import { replaceSweepKeyView } from '../packs/sweep-key-view.ts';

/**
 * The keys of a batch with their inventory entries, stored once per distinct content: on most nights
 * the batches have the keys of the night before. `hash`: see docs/evidence-format.md.
 */
const keyLists = sql`
  create table keysweep.key_list (
    id integer generated always as identity primary key,
    hash bytea not null unique,
    first_key integer not null,
    last_key integer not null,
    key_ids integer[] not null,
    entry_ids integer[] not null
  );
`;

/**
 * `sweep_batch` loses its range of keys, and its `fence` gets another name, so that a worker of an
 * older build can claim nothing: it would take a packed batch for one without pending keys.
 * `list_id` is null in a batch from before, until its rows are moved. `attempts`: how many requests
 * for its keys failed. The index has the collation of `tracked_key.source`, or no search by that uses
 * it.
 */
const batches = sql`
  alter table keysweep.sweep_batch rename column fence to fence_token;
  alter table keysweep.sweep_batch
    add column list_id integer references keysweep.key_list,
    add column attempts integer not null default 0,
    drop column last_key;
  create index sweep_batch_of_key on keysweep.sweep_batch (sweep_id, source collate "C", first_key);
  create index sweep_batch_list on keysweep.sweep_batch (list_id);
  create index sweep_batch_unmoved on keysweep.sweep_batch (sweep_id, batch) where list_id is null;
`;

/**
 * What a finished batch found, in the order of its key list; `hash` is over all of it. Written
 * once, never updated. `observed_ms` counts from `observed_from`. `judgements` is null where no
 * key has one. The counts spare a closing to open the arrays.
 */
const packs = sql`
  create table keysweep.pack (
    sweep_id integer not null,
    batch integer not null,
    hash bytea not null,
    pass smallint not null,
    fail smallint not null,
    waived smallint not null,
    unknown smallint not null,
    partial smallint not null,
    observed_from timestamptz not null,
    verdicts smallint[] not null,
    observation_ids integer[] not null,
    observed_ms bigint[] not null,
    last_used timestamptz[] not null,
    judgements jsonb[],
    primary key (sweep_id, batch),
    foreign key (sweep_id, batch) references keysweep.sweep_batch on delete cascade
  );
`;

/** What is known of the keys of an unfinished batch. When it is finished, it is packed. */
const results = sql`
  alter table keysweep.sweep_key rename to key_result;
  alter index keysweep.sweep_key_pkey rename to key_result_pkey;
  alter table keysweep.key_result alter column entry_id drop not null;
`;

/** A key of a sweep, through the one batch that holds it. */
const oneKey = sql`
  create function keysweep.sweep_key_of(of_sweep integer, of_key integer)
  returns table (key_id integer, entry_id integer, observation_id integer, verdict smallint,
    observed_at timestamptz, last_used timestamptz, judgement jsonb)
  language sql stable as $body$
    select of_key, l.entry_ids[place.n],
      case when b.done_at is null then r.observation_id else p.observation_ids[place.n] end,
      case when b.done_at is null then r.verdict else p.verdicts[place.n] end,
      case when b.done_at is null then r.observed_at
        else p.observed_from + p.observed_ms[place.n] * interval '1 millisecond' end,
      case when b.done_at is null then r.last_used else p.last_used[place.n] end,
      case when b.done_at is null then r.judgement else p.judgements[place.n] end
    from keysweep.tracked_key t
    cross join lateral (
      select * from keysweep.sweep_batch b
      where b.sweep_id = of_sweep and b.source = t.source and b.first_key <= of_key
      order by b.first_key desc limit 1
    ) b
    join keysweep.key_list l on l.id = b.list_id
    cross join lateral (select array_position(l.key_ids, of_key) as n offset 0) place
    left join keysweep.pack p on p.sweep_id = b.sweep_id and p.batch = b.batch
    left join keysweep.key_result r on b.done_at is null and r.sweep_id = b.sweep_id
      and r.key_id = of_key
    where t.id = of_key and place.n is not null
  $body$;
`;

/**
 * Earlier seals are over the rows of `sweep_key`, so they are checked before these are moved.
 * `format` says over what a seal is; `differs`, whether its rows had changed before they moved.
 */
const seals = sql`
  alter table keysweep.seal
    add column format smallint not null default 1,
    add column differs boolean;
  alter table keysweep.seal alter column format set default 2;
`;

/**
 * A batch changes all rows of a page at once, and they stay on it only where it has room for both
 * versions. New rows are less than half as long as they become with what the vendor says.
 */
const room = sql`alter table keysweep.tracked_key set (fillfactor = 15)`;

/** Only workers of the build before counted here. */
const unused = sql`drop table keysweep.rate_limit`;

export const packedBatches: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [
      keyLists,
      batches,
      packs,
      results,
      replaceSweepKeyView('unmoved too'),
      oneKey,
      seals,
      room,
      unused,
    ]) {
      await part.execute(db);
    }
  },
};
