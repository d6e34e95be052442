import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What a sweep says of findings that it only sees again: by rule, when it opened and the facts. The
 * row of a key is written each night anyway; the rows of its findings are not.
 */
const sightings = sql`alter table keysweep.tracked_key add column sightings jsonb`;

export const sightingsOfFindings: Migration = {
  async up(db: Kysely<unknown>) {
    await sightings.execute(db);
  },
};
