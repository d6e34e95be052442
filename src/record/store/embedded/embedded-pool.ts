import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import type { PGlite, Results } from '@electric-sql/pglite';
import { currentProgress, type Progress } from '../../../timing/progress.ts';
import { NestedConnection } from '../errors.ts';
import { createBreath } from './create-breath.ts';
import { TransactionLock } from './transaction-lock.ts';
import type { DatabaseWatch } from './watch-failure.ts';

interface QueryConfig {
  readonly text: string;
  readonly values?: readonly unknown[];
}
interface QueryResult {
  rows: Record<string, unknown>[];
  rowCount: number;
  command: string;
}
type QueryInput = string | QueryConfig;

/** The only session of the database, and the state that its users share. */
interface Session {
  readonly db: PGlite;
  readonly watch: DatabaseWatch;
  readonly lock: TransactionLock;
  readonly breathe: () => Promise<void>;
  /** Jobs that wait for the session: they go on as long as its statements end. */
  readonly waiting: Set<Progress>;
}

/** What one transaction holds: the client it runs on, and whether it has ended. */
interface TransactionScope {
  client: EmbeddedClient | undefined;
  ended: boolean;
}

/**
 * The part of `pg.Pool` that Kysely and BullMQ's PostgreSQL backend use, over one PGlite in this
 * process. There is only one session, so a transaction holds the lock until it ends, and every
 * other statement waits. Code inside `transact` that requests a second connection would wait for
 * itself, so it gets `NestedConnection`.
 */
export class EmbeddedPool extends EventEmitter {
  /**
   * BullMQ caps its blocking waits at 10 s unless the pool says that it keeps connections alive.
   */
  readonly options = { keepAlive: true };
  readonly #session: Session;
  readonly #scope = new AsyncLocalStorage<TransactionScope>();

  constructor(db: PGlite, watch: DatabaseWatch) {
    super();
    const waiting = new Set<Progress>();
    const lock = new TransactionLock();
    this.#session = { db, watch, lock, breathe: createBreath(), waiting };
    // Every waiting worker of the queue is a client that listens for notifications.
    this.setMaxListeners(0);
  }

  /** Runs `work`, a whole transaction, so that asking for another connection in it throws. */
  async transact<T>(work: () => Promise<T>): Promise<T> {
    this.#refuseNested();
    const scope: TransactionScope = { client: undefined, ended: false };
    try {
      return await this.#scope.run(scope, work);
    } finally {
      scope.ended = true;
    }
  }

  async connect(): Promise<EmbeddedClient> {
    const scope = this.#openScope();
    if (scope?.client !== undefined) throw new NestedConnection();
    const client = new EmbeddedClient(this.#session);
    if (scope !== undefined) scope.client = client;
    return client;
  }

  async query(input: QueryInput, values?: readonly unknown[]): Promise<QueryResult> {
    this.#refuseNested();
    const giveBack = await takeTurn(this.#session);
    try {
      return await run(this.#session, input, values);
    } finally {
      giveBack();
    }
  }

  /** The caller that opened the database closes it. */
  async end(): Promise<void> {}

  #openScope(): TransactionScope | undefined {
    const scope = this.#scope.getStore();
    return scope === undefined || scope.ended ? undefined : scope;
  }

  #refuseNested(): void {
    if (this.#openScope() !== undefined) throw new NestedConnection();
  }
}

const begins = /^\s*(begin|start\s+transaction)\b/i;
const ends = /^\s*(commit|rollback(?!\s+to)|end|abort)\b/i;

/** One borrower of the session; listens for notifications as a `pg` client does. */
export class EmbeddedClient extends EventEmitter {
  readonly #session: Session;
  #giveBack: (() => void) | undefined;
  #stopListening: (() => void) | undefined;

  constructor(session: Session) {
    super();
    this.#session = session;
    this.on('newListener', (event) => {
      if (event === 'notification') this.#listen();
    });
  }

  async query(input: QueryInput, values?: readonly unknown[]): Promise<QueryResult> {
    const text = typeof input === 'string' ? input : input.text;
    if (this.#giveBack !== undefined) return this.#inTransaction(input, values, ends.test(text));
    const giveBack = await takeTurn(this.#session);
    if (!begins.test(text)) return run(this.#session, input, values).finally(giveBack);
    this.#giveBack = giveBack;
    return run(this.#session, input, values).catch((error) => {
      this.#endTransaction();
      throw error;
    });
  }

  /** Gives the session back; a transaction left open is rolled back first, as a pool would. */
  release(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    if (this.#giveBack === undefined) return;
    void run(this.#session, 'rollback')
      .catch(() => undefined)
      .finally(() => this.#endTransaction());
  }

  async #inTransaction(
    input: QueryInput,
    values: readonly unknown[] | undefined,
    last: boolean,
  ): Promise<QueryResult> {
    try {
      return await run(this.#session, input, values);
    } finally {
      if (last) this.#endTransaction();
    }
  }

  #endTransaction(): void {
    this.#giveBack?.();
    this.#giveBack = undefined;
  }

  #listen(): void {
    // The call comes from the statement that runs now, perhaps in a transaction of other code.
    const outside = AsyncLocalStorage.snapshot();
    this.#stopListening ??= this.#session.db.onNotification((channel, payload) => {
      outside(() => this.emit('notification', { channel, payload }));
    });
  }
}

/** Waits until no other transaction holds the session; returns what ends this turn. */
async function takeTurn({ lock, waiting }: Session): Promise<() => void> {
  const progress = currentProgress();
  if (progress === undefined) return lock.take();
  waiting.add(progress);
  try {
    return await lock.take();
  } finally {
    waiting.delete(progress);
  }
}

/** Statements without values run as a script, because a migration may hold several statements. */
async function run(
  session: Session,
  input: QueryInput,
  values: readonly unknown[] = [],
): Promise<QueryResult> {
  const text = typeof input === 'string' ? input : input.text;
  const bound = typeof input === 'string' ? values : (input.values ?? values);
  const result = await ask(session, text, bound);
  // Before any timer can see how long a statement has blocked the process.
  for (const progress of [currentProgress(), ...session.waiting]) progress?.note();
  await session.breathe();
  return {
    rows: result?.rows ?? [],
    rowCount: result?.rowCount ?? 0,
    command: result?.command ?? '',
  };
}

async function ask(
  { db, watch }: Session,
  text: string,
  values: readonly unknown[],
): Promise<Results | undefined> {
  await watch.assertRuns();
  try {
    return values.length > 0 ? await db.query(text, [...values]) : (await db.exec(text)).at(-1);
  } catch (error) {
    throw watch.look(error);
  }
}
