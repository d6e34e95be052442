import { runMigrations } from 'bullmq';
import { Migrator, sql } from 'kysely';
import type { Database } from './database.ts';
import { SchemaBehind } from './errors.ts';
import { migrations } from './migrations/index.ts';

const schema = 'keysweep';
const ledger = { migrationTableSchema: schema, migrationTableName: 'migration' };

/**
 * Brings the schema up to this program's, and BullMQ's too when the queue lives in the store. Safe
 * to run at any time and by several processes at once. Returns the names of what it applied.
 */
export async function migrate(database: Database, queueInStore: boolean): Promise<string[]> {
  if (queueInStore) await migrateQueue(database);
  const { error, results = [] } = await createMigrator(database).migrateToLatest();
  if (error !== undefined) throw error;
  return results.map((result) => result.migrationName);
}

/** Throws `SchemaBehind` when the database is not at this program's schema. */
export async function assertMigrated(database: Database, queueInStore: boolean): Promise<void> {
  const found = await sql<{ records: string | null; queue: string | null }>`
    select to_regclass('keysweep.migration')::text as records,
      to_regnamespace('bullmq')::text as queue
  `.execute(database.db);
  const { records = null, queue = null } = found.rows[0] ?? {};
  if (records === null) throw new SchemaBehind('is not there yet');
  if (queueInStore && queue === null) throw new SchemaBehind('has no queue yet');
  const applied = await sql<{ name: string }>`select name from keysweep.migration`.execute(
    database.db,
  );
  const names = new Set(applied.rows.map((row) => row.name));
  const missing = Object.keys(migrations).filter((name) => !names.has(name));
  if (missing.length > 0) throw new SchemaBehind(`lacks ${missing.join(', ')}`);
  const newer = [...names].filter((name) => !(name in migrations));
  if (newer.length > 0) {
    throw new SchemaBehind(`is newer than this program: it has ${newer.join(', ')}`);
  }
}

function createMigrator(database: Database): Migrator {
  return new Migrator({
    // The ledger's schema is named once, here: `withSchema` would name it a second time.
    db: database.db.withoutPlugins(),
    provider: { getMigrations: async () => ({ ...migrations }) },
    ...ledger,
  });
}

async function migrateQueue(database: Database): Promise<void> {
  const client = await database.queuePool.connect();
  try {
    await runMigrations(client as Parameters<typeof runMigrations>[0], 'bullmq');
  } finally {
    client.release();
  }
}
