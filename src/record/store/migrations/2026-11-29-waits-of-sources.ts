import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `source_wait`: a source that asked us to stay away for long; all workers share it, and one of them
 * probes the source at `probe_at`. `waits_for`: the key for which a batch is asked again at
 * `asked_again_at`, and why.
 */
const showWaits = sql`
  create table keysweep.source_wait (
    source text primary key,
    until timestamptz not null,
    probe_at timestamptz not null,
    reason smallint not null,
    detail text not null
  );
  alter table keysweep.sweep_batch
    add column asked_again_at timestamptz,
    add column waits_for jsonb;
`;

export const waitsOfSources: Migration = {
  async up(db: Kysely<unknown>) {
    await showWaits.execute(db);
  },
};
