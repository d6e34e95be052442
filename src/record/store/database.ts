import { Kysely, type Transaction, type TransactionBuilder } from 'kysely';
import type pg from 'pg';
import { EmbeddedPool } from './embedded/embedded-pool.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import { watchFailure } from './embedded/watch-failure.ts';
import { DatabaseUnavailable, type StoreUnusable } from './errors.ts';
import { readConnectionUse } from './postgres/count-connections.ts';
import { namePostgres } from './postgres/name-postgres.ts';
import { openPools } from './postgres/open-pools.ts';
import { countFreeConnections, wrongConnections } from './postgres/plan-connections.ts';
import { RecordsDialect } from './postgres/records-dialect.ts';
import { retryConflicts } from './postgres/retry-conflicts.ts';
import { fewestConnections, shareConnections } from './postgres/share-connections.ts';
import {
  allowLongStatements,
  type StatementLimits,
  usualLimits,
} from './postgres/statement-limits.ts';
import { embeddedSetUp, transactionSetUp } from './postgres/transaction-set-up.ts';
import type { Tables } from './tables/tables.ts';

export type Records = Kysely<Tables>;
export type RecordsTransaction = Transaction<Tables>;

type TransactionWork<T> = (tx: RecordsTransaction) => Promise<T>;

/** The store of the records, and the pool that BullMQ uses when the queue lives in the store. */
export interface Database {
  readonly kind: 'embedded' | 'postgres';
  /** The server or the folder in words, without a password. */
  readonly server: string;
  readonly db: Records;
  readonly queuePool: EmbeddedPool | pg.Pool;
  /**
   * One transaction. `work` asks the database only through the `tx` it is given, and does nothing
   * else: it runs again if the server undoes it because of another session.
   */
  transact<T>(work: TransactionWork<T>): Promise<T>;
  /** The same over a whole sweep, where one statement may take minutes. */
  transactLong<T>(work: TransactionWork<T>): Promise<T>;
  /**
   * Shows the records as of one instant, whatever is written meanwhile. `work` asks only the view
   * that it is given, and changes nothing.
   */
  view<T>(work: (view: Records) => Promise<T>): Promise<T>;
  /** Rejects with `DatabaseUnavailable` if the server has too few connections for this process. */
  assertServed(): Promise<void>;
  /** Closes the connections after running statements have ended. */
  close(): Promise<void>;
}

/** Hears how many sweeps of an earlier build have been packed, `of` how many. */
export type OnMoved = (moved: number, of: number) => void;

export interface DatabaseEvents {
  /** A connection was lost; the pool makes another. Called twice for an idle connection. */
  connectionLost(code: string, server: string): void;
  /** The embedded database has stopped for good in this process. Called once. */
  stopped?(error: StoreUnusable): void;
  /** Rows of earlier builds move before the embedded store is used. */
  rowsMoved?: OnMoved;
}

/** Opens the embedded store in a folder that this process holds. Throws `StoreUnusable`. */
export async function openEmbeddedDatabase(
  folder: string,
  { stopped = () => undefined }: Pick<DatabaseEvents, 'stopped'> = {},
): Promise<Database> {
  const pglite = await openEmbedded(folder);
  const watch = watchFailure(pglite, folder, stopped);
  const pool = new EmbeddedPool(pglite, watch);
  const db = createKysely(pool as unknown as pg.Pool, embeddedSetUp);
  const transactEmbedded = <T>(work: TransactionWork<T>) => pool.transact(() => transact(db, work));
  return {
    kind: 'embedded',
    server: `the embedded store in ${folder}`,
    db,
    queuePool: pool,
    transact: transactEmbedded,
    transactLong: transactEmbedded,
    // Nobody else has a session, so nothing is written before it ends.
    view: (work) => pool.transact(() => readView(db, work)),
    assertServed: async () => undefined,
    async close() {
      await db.destroy();
      // What a stopped database would write now could destroy its files.
      if (!watch.hasStopped) await pglite.close();
    },
  };
}

export interface PostgresTuning {
  readonly limits?: StatementLimits;
  /** How many connections this process may open in all. */
  readonly connections?: number | undefined;
  readonly queueInStore?: boolean;
  /** How many processes like this one the server has to serve, this one included. */
  readonly processes?: number;
  /** How long a statement may wait for a connection; 10 s unless given. */
  readonly connectMs?: number | undefined;
}

/** Opens a server. It connects when it is first asked, so a server that is away fails there. */
export function openPostgresDatabase(
  url: string,
  events: DatabaseEvents,
  {
    limits = usualLimits,
    connections,
    queueInStore = true,
    processes = 1,
    connectMs,
  }: PostgresTuning = {},
): Database {
  const server = namePostgres(url);
  const shares = shareConnections(connections, queueInStore);
  const lost = (code: string) => events.connectionLost(code, server);
  const pools = openPools(url, { limits, shares, connectMs }, lost);
  const db = createKysely(pools.records, () => transactionSetUp(limits));
  const transactWithin = <T>(work: TransactionWork<T>) => transact(db, work);
  return {
    kind: 'postgres',
    server,
    db,
    queuePool: pools.queue,
    transact: transactWithin,
    transactLong: (work) => allowLongStatements(() => transactWithin(work)),
    view: (work) => allowLongStatements(() => readView(db, work)),
    async assertServed() {
      const use = await readConnectionUse(db);
      if (use === undefined) return;
      const own = pools.records.totalCount + pools.queue.totalCount;
      const wanted = shares.records + (queueInStore ? shares.queue : 0);
      const fewest = fewestConnections(queueInStore);
      const free = countFreeConnections(use, own);
      const wrong = wrongConnections({ wanted, fewest, free, processes });
      if (wrong !== undefined) throw new DatabaseUnavailable(`${server} ${wrong}`);
    },
    async close() {
      await Promise.all([db.destroy(), pools.queue.end()]);
    },
  };
}

/**
 * A decision that must be exclusive waits for a lock, then reads everything committed by then. A
 * stricter isolation level would show the data from before the wait.
 */
function transact<T>(db: Records, work: TransactionWork<T>): Promise<T> {
  const once = db.transaction().setIsolationLevel('read committed');
  return retryConflicts(() => transactOnce(once, work));
}

/** A transaction that only reads is undone by no other session. */
function readView<T>(db: Records, work: (view: Records) => Promise<T>): Promise<T> {
  const view = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return transactOnce(view, work);
}

async function transactOnce<T>(
  transaction: TransactionBuilder<Tables>,
  work: TransactionWork<T>,
): Promise<T> {
  let cause: unknown;
  const noted: TransactionWork<T> = (tx) =>
    work(tx).catch((error) => {
      cause = error;
      throw error;
    });
  try {
    return await transaction.execute(noted);
  } catch (error) {
    // Kysely throws the error of the rollback, which fails too where the connection was lost.
    throw cause ?? error;
  }
}

function createKysely(pool: pg.Pool, setUp: () => string): Records {
  const dialect = new RecordsDialect({ pool, setUp });
  return new Kysely<Tables>({ dialect }).withSchema('keysweep');
}
