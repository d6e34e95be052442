import { type Kysely, type Migration, sql } from 'kysely';

/** What one person asked for is read along it, newest first. */
const index = sql`create index audit_record_who on keysweep.audit_record (who, id)`;

export const askersOfChanges: Migration = {
  async up(db: Kysely<unknown>) {
    await index.execute(db);
  },
};
