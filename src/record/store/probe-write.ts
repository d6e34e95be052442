import { sql } from 'kysely';
import { inTime } from '../../timing/in-time.ts';
import type { Database } from './database.ts';
import { DatabaseUnavailable } from './errors.ts';
import { codeOfPostgres, describePostgresRefusal } from './postgres/describe-refusal.ts';

/**
 * Writes and commits one row. Reading would succeed on a standby, on a full disk, or where
 * transactions are read-only. Rejects with the database's refusal.
 */
export async function probeWrite(database: Database): Promise<void> {
  await sql`
    insert into keysweep.canary (finished_at) values (now())
    on conflict (single) do update set finished_at = excluded.finished_at
  `.execute(database.db);
}

const probeMs = 12_000;

/** Rejects with `DatabaseUnavailable` if the database cannot serve this process now. */
export function assertWritable(database: Database): Promise<void> {
  const probe = async () => {
    await database.assertServed();
    await probeWrite(database);
  };
  return nameRefusal(database, inTime(probe(), probeMs));
}

/** Turns a refusal of the server into one that names the server and the mend. */
export async function nameRefusal<T>(
  { server }: Pick<Database, 'server'>,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = codeOfPostgres(error);
    if (code.startsWith('KEYSWEEP_')) throw error;
    throw new DatabaseUnavailable(describePostgresRefusal(server, error));
  }
}
