import pg from 'pg';
import type { World } from './world.ts';

/** Asks the world's PostgreSQL what keysweep has written there. */
export async function queryRecords<Row extends object>(
  { databaseUrl }: Pick<World, 'databaseUrl'>,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(statement, [...values])).rows as Row[];
  } finally {
    await client.end();
  }
}
