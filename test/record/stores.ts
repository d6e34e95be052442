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

/** Removes all rows but those that say which migrations were applied. */
async function empty({ db }: Database): Promise<void> {
  const { rows } = await sql<{ tables: string }>`
    select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables
    from pg_tables where schemaname in ('keysweep', 'bullmq') and tablename <> 'migration'
  `.execute(db);
  await sql.raw(`truncate ${rows[0]?.tables} restart identity cascade`).execute(db);
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
