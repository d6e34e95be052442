import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Lists are read a page at a time, in their order, along an index. `source` and `key_text` repeat
 * the name of a finding's key, because findings are listed by it; a key never changes its name. The
 * trigger is for workers of an older build, which may still run.
 */
const orderFindings = sql`
  alter table keysweep.finding
    add column source text collate "C",
    add column key_text text collate "C";
  update keysweep.finding f set source = k.source, key_text = k.key_id
  from keysweep.tracked_key k where k.id = f.key_id;
  alter table keysweep.finding
    alter column source set not null,
    alter column key_text set not null;
  create function keysweep.name_finding() returns trigger language plpgsql as $body$
  begin
    select k.source, k.key_id into new.source, new.key_text
    from keysweep.tracked_key k where k.id = new.key_id;
    return new;
  end
  $body$;
  create trigger finding_named before insert on keysweep.finding
    for each row when (new.source is null) execute function keysweep.name_finding();
  create index finding_listed
    on keysweep.finding (severity, source, key_text, (rule collate "C"));
  create index finding_unresolved
    on keysweep.finding (severity, source, key_text, (rule collate "C")) where state <> 'resolved';
`;

/**
 * `verdict`: the newest of a key, by the instant of its observation (`verdict_at`). It stood in the
 * rows of sweeps alone, and a list of failing keys had to look through them all. Workers of an older
 * build leave it as it is; the next sweep corrects it.
 */
const keepVerdicts = sql`
  alter table keysweep.tracked_key
    add column verdict smallint,
    add column verdict_at timestamptz;
  update keysweep.tracked_key k set verdict = newest.verdict, verdict_at = newest.observed_at
  from keysweep.tracked_key t cross join lateral (
    select s.verdict, s.observed_at from keysweep.sweep_key s
    where s.key_id = t.id and s.sweep_id = any (array(
      (select id from keysweep.sweep order by id desc limit 20)
      union (select id from keysweep.sweep where scope = 'full' and closed_at is not null
        order by id desc limit 1)
    )) and s.verdict is not null
    order by s.observed_at desc nulls last limit 1
  ) newest
  where t.id = k.id;
  create index tracked_key_verdict on keysweep.tracked_key (verdict, source, key_id)
    where untracked_at is null;
  create index tracked_key_entry on keysweep.tracked_key (entry_id);
`;

/** Failed alerts are few among years of delivered ones. */
const findFailed = sql`
  create index alert_failed on keysweep.alert (place) where state = 'failed';
`;

export const listedPages: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [orderFindings, keepVerdicts, findFailed]) await part.execute(db);
  },
};
