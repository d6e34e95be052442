import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** Runs a suite over the embedded store and over PostgreSQL, each with a database of its own. */
export function describeStores(claim: string, suite: (get: GetDatabase, kind: Kind) => void): void {
  describe(`${claim} (embedded)`, () => {
    suite(keepDatabase(openEmbeddedStore), 'embedded');
  });
  describePostgres(claim, (get) => suite(get, 'postgres'));
}

/** Runs a suite over PostgreSQL alone: what takes connections that really run at once. */
export function describePostgres(claim: string, suite: (get: GetDatabase) => void): void {
  describe.skipIf(inject('databaseUrl') === undefined)(`${claim} (PostgreSQL)`, () => {
    suite(keepDatabase(openPostgresStore));
  });
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

/** From the seed, when there is one. */
export async function openEmbeddedStore(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-store-'));
  const database = await openEmbeddedDatabase(folder);
  await migrate(database, true);
  return {
    database,
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function openPostgresStore(): Promise<Opened> {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '');
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  await migrate(database, true);
  return {
    database,
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}
