import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { type Database, openPostgresDatabase } from '../../../src/record/store/database.ts';
import { goodConfig, workspace } from '../../config/workspace.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { run } from '../run.ts';

/** The command line beside a PostgreSQL store of its own, in which this happened before. */
export async function keysweepAfter(past: (database: Database) => Promise<unknown>) {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  onTestFinished(fresh.drop);
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  await past(database);
  await database.close();
  const store = `store: { url: "${fresh.url}" }\n`;
  const folder = workspace({ 'config/keysweep.yaml': store + goodConfig });
  const KEYSWEEP_CONFIG = join(folder, 'config', 'keysweep.yaml');
  return (...args: string[]) => run(args, { KEYSWEEP_CONFIG });
}
