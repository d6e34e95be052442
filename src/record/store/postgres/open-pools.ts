import pg from 'pg';
import { type AskWhetherRunning, boundedClients } from './bounded-client.ts';
import { noteAnswering, preparedClients } from './prepared-clients.ts';
import type { ConnectionShares } from './share-connections.ts';
import type { StatementLimits } from './statement-limits.ts';

/** The connections to PostgreSQL: those of the records, and those that BullMQ uses. */
export interface Pools {
  readonly records: pg.Pool;
  readonly queue: pg.Pool;
}

/** How long a statement may wait for a connection before it fails instead of hanging. */
const connectTimeoutMs = 10_000;
/** A silent connection is probed by the system after this time, and lost ten seconds later. */
const keepAliveMs = 10_000;

interface PoolTerms {
  readonly limits: StatementLimits;
  readonly shares: ConnectionShares;
  /** How long a statement may wait for a connection; 10 s unless given. */
  readonly connectMs?: number | undefined;
}

/** Opens the pools of the records and of the queue. They connect when they are first used. */
export function openPools(
  url: string,
  { limits, shares, connectMs = connectTimeoutMs }: PoolTerms,
  connectionLost: (code: string) => void,
): Pools {
  const connection = {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    application_name: 'keysweep',
  };
  const Client = preparedClients(boundedClients(limits, askServer(connection)));
  const open = (max: number, setUp: string) => {
    const onConnect = async (client: pg.ClientBase) => {
      const results: unknown = await client.query(`${setUp}; select pg_backend_pid() as pid`);
      noteAnswering(client, (results as pg.QueryResult<{ pid: number }>[]).at(-1)?.rows[0]?.pid);
    };
    const pool = new pg.Pool({ ...connection, Client, max, onConnect } as pg.PoolConfig);
    const lost = (error: Error & { code?: string }) => connectionLost(error.code ?? error.name);
    pool.on('error', lost);
    // The pool listens to idle connections only; one that breaks in use would end the process.
    pool.on('connect', (client) => client.on('error', lost));
    return pool;
  };
  return {
    records: open(shares.records, sessionSettings),
    queue: open(shares.queue, `${sessionSettings}; ${queueSettings}`),
  };
}

/**
 * A role or database may write dates in a style that `pg` cannot read, cut numbers short, or end an
 * idle connection just when it is used again. Poolers keep the first three settings for each client.
 * PostgreSQL 13 has no `idle_session_timeout`.
 */
const sessionSettings = [
  "set datestyle = 'ISO, YMD'",
  "set timezone = 'UTC'",
  'set standard_conforming_strings = on',
  'set extra_float_digits = 1',
  "select set_config(name, '0', false) from pg_catalog.pg_settings where name = 'idle_session_timeout'",
].join('; ');

/**
 * BullMQ's statements are not qualified, and each is a transaction of its own, but for those that
 * make its tables. A process that froze meanwhile holds their lock for this long.
 */
const queueSettings = [
  'set search_path = bullmq',
  "set default_transaction_isolation = 'read committed'",
  'set lock_timeout = 0',
  'set statement_timeout = 0',
  "set idle_in_transaction_session_timeout = '30s'",
].join('; ');

/** Asks over a new connection, because the old ones may be as silent as the one in question. */
function askServer(connection: pg.ClientConfig): AskWhetherRunning {
  return async (pid) => {
    const client = new pg.Client({ ...connection, query_timeout: connectTimeoutMs });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const found = await client.query<{ running: boolean }>(
        "select state = 'active' as running from pg_stat_activity where pid = $1",
        [pid],
      );
      return found.rows[0]?.running;
    } finally {
      client.connection.stream.destroy();
    }
  };
}
