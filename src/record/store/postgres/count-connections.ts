import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables/tables.ts';
import type { ConnectionUse } from './plan-connections.ts';

/** Reads the limits that the server has for connections, and how much of each is in use. */
export async function readConnectionUse(db: Kysely<Tables>): Promise<ConnectionUse | undefined> {
  const found = await sql<ConnectionUse>`
    select r.rolconnlimit as role_limit, d.datconnlimit as database_limit,
      current_setting('max_connections')::integer
        - current_setting('superuser_reserved_connections')::integer as server_limit,
      a.role_used, a.database_used, a.server_used
    from pg_roles r, pg_database d, (
      select count(*)::integer as server_used,
        count(*) filter (where usename = current_user)::integer as role_used,
        count(*) filter (where datname = current_database())::integer as database_used
      from pg_stat_activity where datid is not null
    ) a
    where r.rolname = current_user and d.datname = current_database()
  `.execute(db);
  return found.rows[0];
}
