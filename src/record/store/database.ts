import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { EmbeddedPool } from './embedded/embedded-pool.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import type { Tables } from './tables.ts';

export type Records = Kysely<Tables>;
export type RecordsTransaction = Transaction<Tables>;

/** The store of the records, and the pool that BullMQ uses when the queue lives in the store. */
export interface Database {
  readonly kind: 'embedded' | 'postgres';
  readonly db: Records;
  readonly queuePool: EmbeddedPool | pg.Pool;
  /** One transaction. `work` asks the database only through the `tx` it is given. */
  transact<T>(work: (tx: RecordsTransaction) => Promise<T>): Promise<T>;
  /** Closes the connections after running statements have ended. */
  close(): Promise<void>;
}

export interface DatabaseEvents {
  /** A connection was lost; the pool makes another. Called twice for an idle connection. */
  connectionLost(code: string): void;
}

export async function openEmbeddedDatabase(folder: string): Promise<Database> {
  const pglite = await openEmbedded(folder);
  const pool = new EmbeddedPool(pglite);
  const db = createKysely(pool as unknown as pg.Pool);
  return {
    kind: 'embedded',
    db,
    queuePool: pool,
    transact: (work) => pool.transact(() => transact(db, work)),
    async close() {
      await db.destroy();
      await pglite.close();
    },
  };
}

/** How long a statement may wait for a connection before it fails instead of hanging. */
const connectTimeoutMs = 10_000;
/**
 * A process that freezes inside a transaction keeps its locks (on an alert, or on the findings of a
 * sweep) until the server ends it. This is far longer than our work between two statements.
 */
const frozenMs = 120_000;
/** The worker of each of the four queues listens on its own connection. */
const queueConnections = 12;

export function openPostgresDatabase(url: string, events: DatabaseEvents): Database {
  const common = {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: 'keysweep',
  };
  const recordPool = new pg.Pool({
    ...common,
    max: 10,
    // A sweep that changed 30,000 findings took 37 s to close, 29 s of them for JIT compilation.
    options: '-c jit=off',
    idle_in_transaction_session_timeout: frozenMs,
  });
  const queuePool = new pg.Pool({
    ...common,
    max: queueConnections,
    // BullMQ's statements are not qualified.
    options: '-c search_path=bullmq',
  });
  for (const pool of [recordPool, queuePool]) {
    const lost = (error: Error & { code?: string }) =>
      events.connectionLost(error.code ?? error.name);
    pool.on('error', lost);
    // The pool listens to idle connections only; one that breaks in use would end the process.
    pool.on('connect', (client) => client.on('error', lost));
  }
  const db = createKysely(recordPool);
  return {
    kind: 'postgres',
    db,
    queuePool,
    transact: (work) => transact(db, work),
    async close() {
      await Promise.all([db.destroy(), queuePool.end()]);
    },
  };
}

/**
 * A decision that must be exclusive waits for a lock, then reads everything committed by then. A
 * stricter isolation level would show the data from before the wait.
 */
function transact<T>(db: Records, work: (tx: RecordsTransaction) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('read committed').execute(work);
}

function createKysely(pool: pg.Pool): Records {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema('keysweep');
}
