import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely';
import { retryConflicts } from './retry-conflicts.ts';

interface RecordsDialectConfig extends PostgresDialectConfig {
  /** Statements that set up each transaction, sent together with its beginning. */
  setUp(): string;
}

/**
 * Sends a statement again that the server has undone because of another session: a database may run
 * single statements at any isolation level. A transaction can only be repeated as a whole.
 */
export class RecordsDialect extends PostgresDialect {
  readonly #config: RecordsDialectConfig;
  constructor(config: RecordsDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new RecordsDriver(this.#config);
  }
}

class RecordsDriver extends PostgresDriver {
  readonly #known = new WeakSet<DatabaseConnection>();
  readonly #inTransaction = new WeakSet<DatabaseConnection>();
  readonly #setUp: () => string;

  constructor(config: RecordsDialectConfig) {
    super(config);
    this.#setUp = config.setUp;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    if (this.#known.has(connection)) return connection;
    this.#known.add(connection);
    const send = connection.executeQuery.bind(connection);
    connection.executeQuery = (query) =>
      this.#inTransaction.has(connection) ? send(query) : retryConflicts(() => send(query));
    return connection;
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    this.#inTransaction.add(connection);
    try {
      await this.#begin(connection, settings);
    } catch (error) {
      // Kysely rolls back only what has begun. A connection that was lost cannot be rolled back.
      await this.rollbackTransaction(connection).catch(() => undefined);
      throw error;
    }
  }

  /** One message: a server may end a transaction that waits for milliseconds before it is set up. */
  async #begin(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    const { isolationLevel = 'read committed', accessMode = '' } = settings;
    const begin = `start transaction isolation level ${isolationLevel} ${accessMode}`;
    await connection.executeQuery(CompiledQuery.raw(`${begin}; ${this.#setUp()}`));
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#inTransaction.delete(connection);
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection);
    this.#inTransaction.delete(connection);
  }
}
