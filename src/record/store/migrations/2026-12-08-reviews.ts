import { type Kysely, type Migration, sql } from 'kysely';

/**
 * When reviews are due. `spec`: the cron line with its zone, or the interval, so that a change is
 * noticed. What was due up to `decided_until` was decided on.
 */
const schedules = sql`
  create table keysweep.review_schedule (
    review text primary key,
    spec text not null,
    first_seen_at timestamptz not null,
    decided_until timestamptz not null
  );
`;

/**
 * A campaign: one time that a review is made. `terms`: what the configuration said then.
 * `passed_over`: how many times it was due before that and nothing opened. Who opened, closed and
 * signed it is a `ReviewPerson`. One campaign a (review, due instant).
 */
const campaigns = sql`
  create table keysweep.review (
    id integer generated always as identity primary key,
    uuid uuid not null unique default gen_random_uuid(),
    review text not null,
    trigger text not null check (trigger in ('schedule', 'request', 'catch-up')),
    due_at timestamptz,
    passed_over integer not null default 0,
    opened_at timestamptz not null,
    opened_as jsonb,
    answer_by timestamptz not null,
    terms jsonb not null,
    keys integer not null,
    listed_hash bytea not null,
    closed_at timestamptz,
    closed_as jsonb,
    closed_reason text,
    signed_at timestamptz,
    signed_as jsonb,
    signed_reason text,
    unique (review, due_at)
  );
  create index review_open on keysweep.review (id) where closed_at is null;
  create index review_opened on keysweep.review (opened_at, id);
`;

/**
 * The keys of one owner in a campaign, and who is asked about them. A link is for one reviewer and
 * one sheet; what signs it is in no table. `name`: as the configuration has it.
 */
const sheets = sql`
  create table keysweep.review_sheet (
    review_id integer not null references keysweep.review on delete cascade,
    sheet integer not null,
    owner text,
    keys integer not null,
    answered integer not null default 0,
    primary key (review_id, sheet)
  );
  create table keysweep.review_link (
    id uuid primary key default gen_random_uuid(),
    review_id integer not null,
    sheet integer not null,
    name text not null,
    mail text,
    withdrawn_at timestamptz,
    withdrawn_as jsonb,
    unique (review_id, sheet, name),
    foreign key (review_id, sheet) references keysweep.review_sheet on delete cascade
  );
`;

/**
 * A key as it was when the campaign opened. `key_id` has no foreign key: what was decided on stays
 * after the key is forgotten. `decision_id`: the newest decision, the one that counts.
 */
const keys = sql`
  create table keysweep.review_key (
    review_id integer not null,
    place integer not null,
    sheet integer not null,
    key_id integer not null,
    source text collate "C" not null,
    key_text text collate "C" not null,
    listed jsonb not null,
    decision_id bigint,
    primary key (review_id, place),
    unique (review_id, source, key_text),
    foreign key (review_id, sheet) references keysweep.review_sheet on delete cascade
  );
  create index review_key_sheet on keysweep.review_key (review_id, sheet, place);
  create table keysweep.review_decision (
    id bigint generated always as identity primary key,
    review_id integer not null,
    place integer not null,
    decision text not null check (decision in ('keep', 'reduce', 'revoke', 'not-mine')),
    reason text not null,
    decided_as jsonb not null,
    decided_at timestamptz not null,
    foreign key (review_id, place) references keysweep.review_key on delete cascade
  );
  create index review_decision_key on keysweep.review_decision (review_id, place, id);
`;

/** Which mails of a campaign were written, so that none is written twice. */
const notices = sql`
  create table keysweep.review_notice (
    review_id integer not null references keysweep.review on delete cascade,
    notice text not null,
    written_at timestamptz not null default clock_timestamp(),
    primary key (review_id, notice)
  );
`;

export const accessReviews: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [schedules, campaigns, sheets, keys, notices]) await part.execute(db);
  },
};
