import { type Kysely, type Migration, sql } from 'kysely';

/** The types of keys that vendors have named are read one by one along it, for a filter. */
const index = sql`create index tracked_key_type on keysweep.tracked_key (seen_type)`;

export const typesOfKeys: Migration = {
  async up(db: Kysely<unknown>) {
    await index.execute(db);
  },
};
