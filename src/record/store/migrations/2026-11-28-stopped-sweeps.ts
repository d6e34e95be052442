import { type Kysely, type Migration, sql } from 'kysely';

/** `stopped_at`: when somebody asked to end the sweep before all its keys had a verdict. */
const noteStops = sql`alter table keysweep.sweep add column stopped_at timestamptz`;

export const stoppedSweeps: Migration = {
  async up(db: Kysely<unknown>) {
    await noteStops.execute(db);
  },
};
