import { LATEST_SCHEMA_VERSION, runMigrations } from 'bullmq';
import { Migrator, sql } from 'kysely';
import type { Database, OnMoved } from './database.ts';
import { DatabaseUnavailable, SchemaBehind } from './errors.ts';
import { migrations } from './migrations/index.ts';
import { haveRowsMoved, moveRows } from './packs/move-rows.ts';
import { describeEncoding } from './postgres/describe-refusal.ts';
import { allowLongStatements } from './postgres/statement-limits.ts';

const schema = 'keysweep';
const ledger = { migrationTableSchema: schema, migrationTableName: 'migration' };

/**
 * Brings the schema up to this program's, and BullMQ's too when the queue lives in the store. Safe
 * to run at any time and by several processes at once. Returns the names of what it applied. Throws
 * `SchemaBehind` when the schema is newer than this program. `onMoved` hears how the rows of earlier
 * builds move, which may take long.
 */
export async function migrate(
  database: Database,
  queueInStore: boolean,
  onMoved?: OnMoved,
): Promise<string[]> {
  await assertUtf8(database);
  const applied = await readApplied(database);
  refuseNewer(applied);
  if (queueInStore) await migrateQueue(database);
  const made = listMissing(applied).length > 0 ? await applyMigrations(database) : [];
  await moveRows(database, onMoved);
  return made;
}

/** Throws `SchemaBehind` when the database is not at this program's schema. */
export async function assertMigrated(database: Database, queueInStore: boolean): Promise<void> {
  await assertUtf8(database);
  const applied = await readApplied(database);
  if (applied.size === 0) throw new SchemaBehind('is not there yet');
  const missing = listMissing(applied);
  if (missing.length > 0) throw new SchemaBehind(`lacks ${missing.join(', ')}`);
  refuseNewer(applied);
  if (!(await haveRowsMoved(database)))
    throw new SchemaBehind('holds rows that are not packed yet');
  if (queueInStore) await assertQueueMigrated(database);
}

/** In another encoding, the name of a key could not be recorded. */
async function assertUtf8(database: Database): Promise<void> {
  const found = await sql<{ encoding: string }>`
    select current_setting('server_encoding') as encoding
  `.execute(database.db);
  const encoding = found.rows[0]?.encoding;
  if (encoding !== 'UTF8') {
    throw new DatabaseUnavailable(describeEncoding(database.server, String(encoding)));
  }
}

/** The names of the migrations that the database has; none where there is no schema. */
async function readApplied(database: Database): Promise<ReadonlySet<string>> {
  const ledgers = await sql<{ there: boolean }>`
    select to_regclass('keysweep.migration') is not null as there
  `.execute(database.db);
  if (ledgers.rows[0]?.there !== true) return new Set();
  const applied = await sql<{ name: string }>`select name from keysweep.migration`.execute(
    database.db,
  );
  return new Set(applied.rows.map((row) => row.name));
}

function listMissing(applied: ReadonlySet<string>): string[] {
  return Object.keys(migrations).filter((name) => !applied.has(name));
}

function refuseNewer(applied: ReadonlySet<string>): void {
  const newer = [...applied].filter((name) => !(name in migrations));
  if (newer.length === 0) return;
  const detail = `is newer than this program: it has ${newer.join(', ')}`;
  throw new SchemaBehind(detail, 'use the keysweep that made it, or a newer one');
}

/** BullMQ itself refuses a newer schema, but uses an older one until a function is missing. */
async function assertQueueMigrated(database: Database): Promise<void> {
  const version = await readQueueVersion(database);
  if (version === undefined) throw new SchemaBehind('has no queue yet');
  if (version < LATEST_SCHEMA_VERSION) throw new SchemaBehind('has a queue of an older version');
}

async function readQueueVersion(database: Database): Promise<number | undefined> {
  const found = await sql<{ there: boolean }>`
    select to_regclass('bullmq.migration') is not null as there
  `.execute(database.db);
  if (found.rows[0]?.there !== true) return undefined;
  const version = await sql<{ version: number }>`
    select coalesce(max(version), 0)::integer as version from bullmq.migration
  `.execute(database.db);
  return version.rows[0]?.version ?? 0;
}

/** Throws what stopped a migration. Returns the names of those applied. */
async function applyMigrations(database: Database): Promise<string[]> {
  const { error, results = [] } = await allowLongStatements(() =>
    createMigrator(database).migrateToLatest(),
  );
  if (error !== undefined) throw error;
  return results.map((result) => result.migrationName);
}

function createMigrator(database: Database): Migrator {
  return new Migrator({
    // The ledger's schema is named once, here: `withSchema` would name it a second time.
    db: database.db.withoutPlugins(),
    provider: { getMigrations: async () => ({ ...migrations }) },
    ...ledger,
  });
}

/** A queue that is newer goes through BullMQ too, which refuses it. */
async function migrateQueue(database: Database): Promise<void> {
  if ((await readQueueVersion(database)) === LATEST_SCHEMA_VERSION) return;
  const client = await database.queuePool.connect();
  try {
    await runMigrations(client as Parameters<typeof runMigrations>[0], 'bullmq');
  } finally {
    client.release();
  }
}
