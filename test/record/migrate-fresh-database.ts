import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { freshDatabase } from '../support/postgres.ts';

/** Creates a database with every migration applied. Nobody stays connected: others copy it. */
export async function migrateFreshDatabase(
  url: string,
): Promise<{ readonly name: string; drop(): Promise<void> }> {
  const fresh = await freshDatabase(url);
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  await migrate(database, true);
  await database.close();
  return fresh;
}
