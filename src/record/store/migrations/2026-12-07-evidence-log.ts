import { type Kysely, type Migration, sql } from 'kysely';

/**
 * The log of what was judged and decided: docs/evidence-log.md. `log_head` is locked by whoever
 * appends. `log_tile` holds the full tiles only: others are made from leaves and lower tiles.
 * `log_fact` remembers what the log said last of a thing that may change, such as a schedule.
 */
const log = sql`
  create table keysweep.log_head (
    single boolean primary key default true check (single),
    installation uuid not null default gen_random_uuid(),
    size bigint not null default 0,
    at timestamptz not null default clock_timestamp()
  );
  create table keysweep.log_leaf (
    n bigint primary key,
    at timestamptz not null,
    body text not null,
    hash bytea not null
  );
  create table keysweep.log_tile (
    level smallint not null,
    n bigint not null,
    root bytea not null,
    hashes bytea not null,
    primary key (level, n)
  );
  create table keysweep.checkpoint (
    size bigint primary key,
    note text not null,
    signed_at timestamptz not null default clock_timestamp()
  );
  create table keysweep.log_object (
    hash bytea primary key,
    body bytea not null
  );
  create table keysweep.log_fact (
    kind text not null,
    name text not null,
    value text not null,
    primary key (kind, name)
  );
`;

/**
 * `seed`: what the salts of a sweep's key tree are made from. `leaf`: the leaf that tells its
 * closing. `closing`: its place in the order of all closings, which seals gave before. `keys_root`
 * is null in a pack of an earlier build.
 */
const sweeps = sql`
  alter table keysweep.sweep
    add column seed bytea not null
      default sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
    add column leaf bigint,
    add column closing integer unique;
  alter table keysweep.pack add column keys_root bytea;
  update keysweep.sweep s set closing = seal.id from keysweep.seal where seal.sweep_id = s.id;
`;

/** Seals end here. The first leaves of the log say what they were. */
const seals = sql`
  alter table keysweep.seal rename to adopted_seal;
  alter table keysweep.adopted_seal add column sweep uuid;
  update keysweep.adopted_seal a set sweep = s.uuid from keysweep.sweep s where s.id = a.sweep_id;
`;

export const evidenceLog: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [log, sweeps, seals]) await part.execute(db);
  },
};
