import { type Kysely, type Migration, sql } from 'kysely';

/**
 * Who did something, and how they were known (`known`, see `waysKnown`). `subject` and `mail` are what
 * the provider says of somebody; `login` is the name that they sign in with there.
 */
const keepPeople = sql`
  alter table keysweep.session
    add column subject text, add column mail text, add column login text;
  alter table keysweep.audit_record
    add column known text, add column subject text, add column mail text;
  alter table keysweep.request
    add column requested_known text, add column requested_subject text,
    add column requested_mail text;
`;

export const namedPeople: Migration = {
  async up(db: Kysely<unknown>) {
    await keepPeople.execute(db);
  },
};
