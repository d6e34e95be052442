import type { Server } from 'node:net';
import type { Config, Secrets } from '../../config/config.ts';
import {
  type Database,
  type DatabaseEvents,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from './database.ts';
import { endDeadLeases } from './embedded/end-dead-leases.ts';
import { type Holder, holdFolder } from './embedded/hold-folder.ts';
import { nameFolderFailure } from './embedded/name-folder-failure.ts';
import { assertMigrated, migrate } from './migrate.ts';
import { nameRefusal } from './probe-write.ts';

export type OpenedStore =
  | { readonly kind: 'open'; readonly database: Database; close(): Promise<void> }
  /** Another process has the embedded store. */
  | { readonly kind: 'taken'; readonly holder: Holder };

export interface StoreOpening {
  /** Whether an embedded store is left at its schema. */
  readonly asIs?: boolean;
  /** How many processes like this one the server has to serve, this one included. */
  readonly processes?: number;
  /** How long a server may take to answer; 10 s unless given. */
  readonly connectMs?: number | undefined;
}

/**
 * Opens the store of the records. The embedded one is migrated here, and `server` answers for it on
 * its socket; a server database that is behind throws `SchemaBehind`, and so does an embedded one
 * that is to be opened as it is.
 */
export async function openStore(
  config: Config,
  secrets: Secrets,
  server: Server,
  events: DatabaseEvents,
  { asIs = false, processes = 1, connectMs }: StoreOpening = {},
): Promise<OpenedStore> {
  if (config.store.kind === 'embedded') {
    return openHeld(config.store.folder, server, events, asIs);
  }
  const queueInStore = config.queue.kind === 'store';
  const { connections } = config.store;
  const tuning = { connections, queueInStore, processes, connectMs };
  const database = openPostgresDatabase(secrets.databaseUrl ?? '', events, tuning);
  try {
    await nameRefusal(database, assertMigrated(database, queueInStore));
  } catch (error) {
    await database.close();
    throw error;
  }
  return { kind: 'open', database, close: () => database.close() };
}

async function openHeld(
  folder: string,
  server: Server,
  events: DatabaseEvents,
  asIs: boolean,
): Promise<OpenedStore> {
  const hold = await nameFolderFailure(folder, () => holdFolder(folder, server));
  if (hold.kind === 'taken') return hold;
  let database: Database | undefined;
  const close = async () => {
    // The order matters: a process that takes the folder must find no other process in it.
    await database?.close();
    await hold.release();
  };
  try {
    database = await openEmbeddedDatabase(folder, events);
    await (asIs ? assertMigrated(database, true) : migrate(database, true, events.rowsMoved));
    if (!asIs) await endDeadLeases(database);
    return { kind: 'open', database, close };
  } catch (error) {
    await close();
    throw error;
  }
}
