import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Who answers for what: the inventory as last mirrored, its distinct contents stored once. No
 * foreign key points at an observation, for removing one would search every row that may; a lock
 * that writers share and `prune-evidence` takes alone does the same (see record-batch).
 */
const inventory = sql`
  create table keysweep.inventory (
    single boolean primary key default true check (single),
    hash text not null,
    mirrored_at timestamptz not null default now()
  );
  create table keysweep.inventory_entry (
    id integer generated always as identity primary key,
    hash bytea not null unique,
    owner text,
    environment text,
    approved_scopes text[],
    tags text[] not null
  );
  create table keysweep.observation (
    id integer generated always as identity primary key,
    hash bytea not null unique,
    content jsonb not null
  );
  create table keysweep.tracked_key (
    id integer generated always as identity primary key,
    source text collate "C" not null,
    key_id text collate "C" not null,
    entry_id integer not null references keysweep.inventory_entry,
    tracked_at timestamptz not null default now(),
    untracked_at timestamptz,
    observed_at timestamptz,
    last_used timestamptz,
    observation_id integer,
    observed_entry_id integer references keysweep.inventory_entry,
    unique (source, key_id)
  ) with (fillfactor = 70);
  create table keysweep.policy (
    id integer generated always as identity primary key,
    hash text not null unique,
    version text not null,
    text text not null,
    stored_at timestamptz not null default now()
  );
`;

/** When sweeps are due, who asked for one, and the sweeps. One sweep a (schedule, due instant). */
const sweeps = sql`
  create table keysweep.schedule (
    id text primary key,
    cron text not null,
    timezone text not null,
    first_seen_at timestamptz not null default now(),
    decided_until timestamptz not null
  );
  create table keysweep.sweep (
    id integer generated always as identity primary key,
    uuid uuid not null unique default gen_random_uuid(),
    trigger text not null check (trigger in ('schedule', 'request', 'catch-up')),
    schedule text,
    due_at timestamptz,
    scope text not null check (scope in ('full', 'partial')),
    policy_id integer not null references keysweep.policy,
    opened_at timestamptz not null default now(),
    deadline_at timestamptz not null,
    closed_at timestamptz,
    status text check (status in ('complete', 'incomplete')),
    open_batches integer not null,
    tracked integer not null,
    pass integer not null default 0,
    fail integer not null default 0,
    waived integer not null default 0,
    unknown integer not null default 0,
    partial integer not null default 0,
    unknown_hash bytea,
    refused_sources text[] not null default '{}',
    unique (schedule, due_at)
  );
  create index sweep_open on keysweep.sweep (id) where closed_at is null;
  create index sweep_closed on keysweep.sweep (closed_at) where scope = 'full';
  create table keysweep.tick (
    schedule text not null,
    due_at timestamptz not null,
    outcome text not null check (outcome in ('opened', 'missed', 'skipped', 'waiting')),
    trigger text not null,
    sweep_id integer references keysweep.sweep on delete set null,
    decided_at timestamptz not null default now(),
    primary key (schedule, due_at)
  );
  create table keysweep.request (
    id uuid primary key default gen_random_uuid(),
    scope text not null check (scope in ('full', 'partial')),
    keys jsonb,
    reason text,
    requested_by text,
    producer_job text unique,
    asked_at timestamptz not null default now(),
    sweep_id integer references keysweep.sweep on delete cascade,
    refused text
  );
  create index request_unopened on keysweep.request (asked_at)
    where sweep_id is null and refused is null;
  create index request_sweep on keysweep.request (sweep_id);
  create index tick_sweep on keysweep.tick (sweep_id);
`;

/**
 * The work of a sweep and its evidence. `sweep_key` is a row a key and night, so it is narrow:
 * integers, two instants, and the judgement only where there is something to say.
 */
const evidence = sql`
  create table keysweep.sweep_batch (
    sweep_id integer not null references keysweep.sweep on delete cascade,
    batch integer not null,
    source text not null,
    first_key integer not null,
    last_key integer not null,
    round integer not null default 0,
    fence integer not null default 0,
    leased_until timestamptz,
    done_at timestamptz,
    primary key (sweep_id, batch)
  );
  create index sweep_batch_open on keysweep.sweep_batch (sweep_id, batch) where done_at is null;
  create table keysweep.sweep_key (
    sweep_id integer not null references keysweep.sweep on delete cascade,
    key_id integer not null references keysweep.tracked_key,
    entry_id integer not null references keysweep.inventory_entry,
    observation_id integer,
    batch integer not null,
    verdict smallint,
    attempts smallint not null default 0,
    reason smallint,
    observed_at timestamptz,
    last_used timestamptz,
    judgement jsonb,
    primary key (sweep_id, key_id)
  );
  create table keysweep.seal (
    id integer generated always as identity primary key,
    sweep_id integer not null unique,
    previous text,
    evidence text not null,
    hash text not null unique,
    sealed_at timestamptz not null default now()
  );
`;

/** A violation's life across sweeps, and what is to be told of it. */
const findings = sql`
  create table keysweep.finding (
    id integer generated always as identity primary key,
    key_id integer not null references keysweep.tracked_key,
    rule text not null,
    fingerprint text not null unique,
    type text not null,
    severity text not null,
    state text not null check (state in ('open', 'waived', 'resolved')),
    facts jsonb not null,
    controls text[] not null,
    policy_id integer not null references keysweep.policy,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    resolved_at timestamptz,
    resolution text,
    opened_to text[],
    unique (key_id, rule)
  );
  create index finding_open on keysweep.finding (id) where state <> 'resolved';
  create table keysweep.finding_event (
    id bigint generated always as identity primary key,
    finding_id integer not null references keysweep.finding,
    sweep_id integer not null,
    kind text not null check (kind in ('opened', 'reopened', 'resolved')),
    at timestamptz not null default now(),
    resolution text,
    facts jsonb not null,
    planned_at timestamptz
  );
  create index finding_event_untold on keysweep.finding_event (finding_id, id)
    where planned_at is null;
  create index finding_event_sweep on keysweep.finding_event (sweep_id);
  create table keysweep.alert (
    id uuid primary key default gen_random_uuid(),
    sweep_id integer,
    channel text not null,
    type text not null,
    part integer not null,
    parts integer not null,
    body text not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    planned_at timestamptz not null default now(),
    next_at timestamptz not null default now(),
    fence integer not null default 0,
    leased_until timestamptz,
    ended_at timestamptz
  );
  create index alert_pending on keysweep.alert (next_at) where state = 'pending';
  create table keysweep.delivery (
    id bigint generated always as identity primary key,
    alert_id uuid not null references keysweep.alert on delete cascade,
    attempt integer not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    outcome text check (outcome in ('delivered', 'passing', 'permanent')),
    detail text
  );
  create index delivery_alert on keysweep.delivery (alert_id);
  create unlogged table keysweep.rate_limit (
    key varchar(255) primary key,
    points integer not null default 0,
    expire bigint
  );
  create table keysweep.canary (
    single boolean primary key default true check (single),
    finished_at timestamptz not null
  );
`;

/** Each part is a script of several statements, which both drivers run when it has no values. */
export const firstTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const part of [inventory, sweeps, evidence, findings]) await part.execute(db);
  },
};
