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

/**
 * Runs a bench in an empty embedded store, and in an empty database of PostgreSQL if there is one;
 * else says why not. `only`: one of them.
 */
export async function onEachStore(
  bench: (database: Database) => Promise<void>,
  only?: string,
): Promise<void> {
  if (only !== 'postgres') await onEmbedded(bench);
  if (only !== 'embedded') await onPostgres(bench);
}

async function onEmbedded(bench: (database: Database) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-bench-'));
  const database = await openEmbeddedDatabase(folder);
  await bench(database);
  await database.close();
  await rm(folder, { recursive: true });
}

async function onPostgres(bench: (database: Database) => Promise<void>): Promise<void> {
  const server = await findServer('postgres', process.env);
  if (!('url' in server)) {
    process.stdout.write(`PostgreSQL: ${server.reasons.join('; ')}\n`);
    return;
  }
  const fresh = await freshDatabase(server.url);
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  await bench(database);
  await database.close();
  await fresh.drop();
  await server.stop();
}
