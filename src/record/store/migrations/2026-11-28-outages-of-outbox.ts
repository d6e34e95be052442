import { type Kysely, type Migration, sql } from 'kysely';

/**
 * `contact`: when a worker last reached the database, so that an outage is noticed when it ends.
 * `claim`: which claim took an alert, so that one whose COMMIT was not answered finds its alerts.
 */
const rememberContact = sql`
  create table keysweep.contact (
    single boolean primary key default true check (single),
    seen_at timestamptz not null
  );
  alter table keysweep.alert add column claim uuid;
`;

export const outagesOfOutbox: Migration = {
  async up(db: Kysely<unknown>) {
    await rememberContact.execute(db);
  },
};
