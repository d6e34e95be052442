import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `simulated`: a sweep or a tick that `keysweep demo` invented. `first_seen_simulated` stands with
 * the finding, because a finding outlives the sweep that first saw it.
 */
const markSimulated = sql`
  alter table keysweep.sweep add column simulated boolean not null default false;
  alter table keysweep.tick add column simulated boolean not null default false;
  alter table keysweep.finding add column first_seen_simulated boolean not null default false;
`;

export const simulatedSweeps: Migration = {
  async up(db: Kysely<unknown>) {
    await markSimulated.execute(db);
  },
};
