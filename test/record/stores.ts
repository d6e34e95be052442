import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { freshDatabase } from '../support/postgres.ts';

type Kind = Database['kind'];

/** The database of the suite; only to be called while its tests run. */
export type GetDatabase = () => Database;

/** Whether this run has a PostgreSQL. */
export const hasPostgres = () => inject('databaseUrl') !== undefined;

/**
 * Runs a suite over the embedded store and over PostgreSQL, each empty when it begins. `npm test`
 * takes the faster of those that are to be had, which is PostgreSQL; `npm run test:all` takes both.
 */
export function describeStores(claim: string, suite: (get: GetDatabase, kind: Kind) => void): void {
  describe(`${claim} (embedded)`, { tags: hasPostgres() ? ['all'] : [] }, () => {
    suite(keepDatabase(openEmbeddedStore), 'embedded');
  });
  describePostgres(claim, (get) => suite(get, 'postgres'));
}

/** Runs a suite over PostgreSQL alone: what takes connections that really run at once. */
export function describePostgres(claim: string, suite: (get: GetDatabase) => void): void {
  describe.skipIf(!hasPostgres())(`${claim} (PostgreSQL)`, () => {
    suite(keepDatabase(openPostgresStore));
  });
}

/** Runs a suite that changes the tables over both stores, each used by nobody before or after. */
export function describeOwnStores(claim: string, suite: (get: GetDatabase) => void): void {
  describe(`${claim} (embedded)`, () => suite(keepDatabase(openOwnEmbeddedStore)));
  describePostgres(claim, suite);
}

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

function keepDatabase(open: () => Promise<Opened>): GetDatabase {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('the database is not open yet');
    return opened.database;
  };
}

/** Embedded stores that this worker has opened and nobody uses now. */
const idle: Database[] = [];

/**
 * An embedded store without records. To open one takes seconds of processor time, so `close` keeps
 * it for the next suite of this worker.
 */
export async function openEmbeddedStore(): Promise<Opened> {
  const kept = idle.pop();
  if (kept !== undefined) await empty(kept);
  const database = kept ?? (await openNewStore(inject('runFolder')));
  return { database, close: async () => void idle.push(database) };
}

/** A store without records, for a suite that is about neither: in PostgreSQL if there is one. */
export const openStore = (): Promise<Opened> =>
  hasPostgres() ? openPostgresStore() : openEmbeddedStore();

async function openOwnEmbeddedStore(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-store-'));
  const database = await openNewStore(folder);
  return {
    database,
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** From the seed, when there is one. */
async function openNewStore(parent: string): Promise<Database> {
  const database = await openEmbeddedDatabase(await mkdtemp(join(parent, 'store-')));
  await migrate(database, true);
  return database;
}

/** Up to this size in all, rows are deleted: to truncate makes a new file for every table. */
const fewBytes = 1_000_000;

/** Removes all rows but those that say which migrations were applied. */
export async function empty(database: Database): Promise<void> {
  const { rows } = await sql<{ table: string; bytes: number; isSuperuser: boolean }>`
    select format('%I.%I', schemaname, tablename) as table,
      pg_relation_size(format('%I.%I', schemaname, tablename))::integer as bytes,
      current_setting('is_superuser')::boolean as "isSuperuser"
    from pg_tables where schemaname in ('keysweep', 'bullmq') and tablename <> 'migration'
  `.execute(database.db);
  const tables = rows.map(({ table }) => table);
  const bytes = rows.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes <= fewBytes && rows[0]?.isSuperuser === true) await deleteRows(database, tables);
  else await sql.raw(`truncate ${tables} restart identity cascade`).execute(database.db);
}

async function deleteRows(database: Database, tables: readonly string[]): Promise<void> {
  const deletes = tables.map((table, n) => `d${n} as (delete from ${table})`);
  await database.transact(async (tx) => {
    // In any order: no row is left that another one refers to.
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql.raw(`with ${deletes} select`).execute(tx);
    await sql`
      select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
      from pg_sequences where schemaname in ('keysweep', 'bullmq') and last_value is not null
    `.execute(tx);
  });
}

export async function openPostgresStore(): Promise<Opened> {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  return {
    database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}
