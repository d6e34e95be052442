import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `format`: how the body is written, for a channel may become one of another kind. `reached`: which
 * of several recipients have it. `place`: the order of planning. `alert_event` keeps which alert told
 * which change; `alert_after` which alerts of a channel, about the same findings, go first.
 * `channel_pace`: when a channel takes the next message, for all workers.
 */
const outbox = sql`
  alter table keysweep.alert
    add column format text not null default 'json',
    add column reached text[] not null default '{}',
    add column place bigint generated always as identity,
    add column retried_at timestamptz,
    add column detail text;
  alter table keysweep.alert drop constraint alert_state_check;
  alter table keysweep.alert add constraint alert_state_check
    check (state in ('pending', 'delivered', 'failed', 'superseded'));
  create index alert_channel on keysweep.alert (channel, place) where state = 'pending';
  create index alert_place on keysweep.alert (place);
  create index alert_sweep on keysweep.alert (sweep_id);
  create table keysweep.alert_event (
    alert_id uuid not null references keysweep.alert on delete cascade,
    event_id bigint not null,
    finding_id integer not null,
    primary key (alert_id, event_id)
  );
  create index alert_event_finding on keysweep.alert_event (finding_id);
  create table keysweep.alert_after (
    alert_id uuid not null references keysweep.alert on delete cascade,
    after_id uuid not null references keysweep.alert on delete cascade,
    primary key (alert_id, after_id)
  );
  create index alert_after_after on keysweep.alert_after (after_id);
  create table keysweep.channel_pace (
    channel text primary key,
    free_at timestamptz not null
  );
`;

/** `seen_name`: what a key was called, for alerts on one that is gone. */
const names = sql`
  alter table keysweep.tracked_key add column seen_name text;
  update keysweep.tracked_key k set seen_name = left(o.content->>'name', 500)
  from keysweep.observation o where o.id = k.observation_id;
`;

/**
 * `told_at`: the sweep's instant at which a finding was last told, for reminders. `held`: whether the
 * changes of a sweep wait, or what became of those that did; `anomaly`: what was seen.
 */
const anomalies = sql`
  alter table keysweep.finding add column told_at timestamptz;
  update keysweep.finding f set told_at = told.at
  from (
    select finding_id, max(at) as at from keysweep.finding_event
    where planned_at is not null and kind in ('opened', 'reopened', 'lapsed') group by finding_id
  ) told
  where told.finding_id = f.id;
  alter table keysweep.sweep
    add column held text check (held in ('held', 'released', 'confirmed', 'withdrawn')),
    add column held_ended_at timestamptz,
    add column anomaly jsonb;
  create index sweep_held on keysweep.sweep (id) where held = 'held';
  alter table keysweep.finding_event drop constraint finding_event_kind_check;
  alter table keysweep.finding_event add constraint finding_event_kind_check
    check (kind in ('opened', 'reopened', 'resolved', 'waived', 'lapsed', 'reminder'));
`;

export const tellInOrder: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [outbox, names, anomalies]) await part.execute(db);
  },
};
