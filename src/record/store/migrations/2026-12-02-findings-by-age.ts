import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Findings may be listed by when they were first seen; those that are not resolved are few among
 * years of others. `finding_open_age`: the overview counts open findings by severity and age.
 */
const indexes = sql`
  create index finding_seen on keysweep.finding (first_seen_at, id);
  create index finding_unresolved_seen on keysweep.finding (first_seen_at, id)
    where state <> 'resolved';
  create index finding_open_age on keysweep.finding (severity, first_seen_at)
    where state = 'open';
`;

export const findingsByAge: Migration = {
  async up(db: Kysely<unknown>) {
    await indexes.execute(db);
  },
};
