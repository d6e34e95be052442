import { type Kysely, type Migration, sql } from 'kysely';

/**
 * A request may name the files that its sender has read, and accept its inventory. `rejection`: each
 * content of a policy or inventory that was rejected, so that one process alone alerts about it.
 */
const keepRejections = sql`
  alter table keysweep.request
    add column policy_hash text,
    add column inventory_hash text,
    add column replaces_inventory boolean not null default false;
  create table keysweep.rejection (
    content text primary key,
    rejected_at timestamptz not null default now()
  );
`;

export const unusedFiles: Migration = {
  async up(db: Kysely<unknown>) {
    await keepRejections.execute(db);
  },
};
