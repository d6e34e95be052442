import { type Kysely, type Migration, sql } from 'kysely';

/**
 * A closing rewrites the findings that it alerts. They stay on their page only where it has room for
 * both versions; an open one that moves is added to ten indexes again. New rows leave that room;
 * earlier ones get it as their pages are emptied.
 */
const room = sql`alter table keysweep.finding set (fillfactor = 50)`;

export const roomOfFindings: Migration = {
  async up(db: Kysely<unknown>) {
    await room.execute(db);
  },
};
