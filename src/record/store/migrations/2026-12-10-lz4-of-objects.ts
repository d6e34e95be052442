import { type Kysely, type Migration, sql } from 'kysely';

/**
 * What the first night of a large inventory changed of findings has megabytes, and the usual
 * compression takes longer than to write them. Objects that are kept already stay as they are. The
 * embedded store and servers that were built without LZ4 go on as before; PostgreSQL 13 does not know
 * the clause, so it is not parsed there.
 */
const compressFaster = sql`
  do $$ begin
    if exists (
      select from pg_settings
      where name = 'default_toast_compression' and 'lz4' = any (enumvals)
    ) then
      execute 'alter table keysweep.log_object alter column body set compression lz4';
    end if;
  end $$
`;

export const lz4OfObjects: Migration = {
  async up(db: Kysely<unknown>) {
    await compressFaster.execute(db);
  },
};
