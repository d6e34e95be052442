import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from '../../src/record/store/database.ts';
import { freshDatabase } from '../../test/support/postgres.ts';
import { findServer } from '../../test/support/servers.ts';
import type { Found } from './define-bench.ts';
import { choice } from './option.ts';

type OnStore = (database: Database) => Promise<readonly Found[]>;

export const storesOption = choice(['both', 'embedded', 'postgres'], 'the stores to run in');

/**
 * Runs a bench in an empty embedded store, and in an empty database of PostgreSQL; without one, it
 * says why not.
 */
export async function onEachStore(
  stores: 'both' | 'embedded' | 'postgres',
  bench: OnStore,
): Promise<readonly Found[]> {
  const embedded = stores === 'postgres' ? [] : await onEmbedded(bench);
  const postgres = stores === 'embedded' ? [] : await onPostgres(bench);
  return [...embedded, ...postgres];
}

async function onEmbedded(bench: OnStore): Promise<readonly Found[]> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
  const database = await openEmbeddedDatabase(folder);
  try {
    return await bench(database);
  } finally {
    await database.close();
    await rm(folder, { recursive: true });
  }
}

export async function onPostgres(bench: OnStore): Promise<readonly Found[]> {
  const server = await findServer('postgres', process.env);
  if (!('url' in server)) return [{ name: 'postgres', why: server.reasons.join('; ') }];
  const fresh = await freshDatabase(server.url);
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  try {
    return await bench(database);
  } finally {
    await database.close();
    await fresh.drop();
    await server.stop();
  }
}
