import {
  createPostgresBackend,
  type Processor,
  Queue,
  type Telemetry,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import type pg from 'pg';
import type { QueueConfig, Secrets } from '../config/config.ts';
import type { Database } from '../record/store/database.ts';
import { codeOfPostgres } from '../record/store/postgres/describe-refusal.ts';
import { nameRefusal } from '../record/store/probe-write.ts';
import { QueueUnavailable } from './errors.ts';
import { probeNotifications } from './probe-notifications.ts';
import { connectRedis, throughNewClient } from './redis/connect-redis.ts';
import { codeOfRedis, describeRefusal } from './redis/describe-refusal.ts';
import { findTlsFailure } from './redis/find-tls-failure.ts';
import { nameRedis } from './redis/name-redis.ts';
import { probeRedis, writeProbe } from './redis/probe-redis.ts';
import type { RedisConfig, RedisSettings } from './redis/redis-options.ts';

export type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Where BullMQ keeps the jobs. The caller closes the queues and workers that it makes here. */
export interface QueueBackend {
  /** The server in words, without its password. */
  readonly server: string;
  /** The Redis of the queue, shared by the rate limit; undefined if the store holds the queue. */
  readonly redis: Redis | Cluster | undefined;
  /** The server's first word in an error, else the code of a failed connection. */
  codeOf(error: unknown): string;
  createQueue(name: string): Queue;
  createWorker(name: string, process: Processor, tuning: WorkerTuning): Worker;
  /**
   * Resolves with warnings if a new connection may do what the queue needs. Rejects with
   * `QueueUnavailable`, which holds the server's first word. Ends within ten seconds.
   */
  probe(): Promise<readonly string[]>;
  /** Resolves when the server has written something; sets no time limit. */
  write(): Promise<void>;
  /** How many jobs of a queue can be taken now, asked over a new connection. */
  countWaiting(name: string): Promise<number>;
  /** Drops the connections at once. */
  close(): void;
}

export interface QueueEvents {
  /** A connection of the queue failed; BullMQ and ioredis connect again by themselves. */
  connectionFailed(code: string): void;
}

export interface BackendTuning {
  /**
   * A connection to Redis that does not answer for this long is replaced. Longer than BullMQ's
   * longest blocking read, which is 10 s.
   */
  readonly silentMs?: number;
  /** Makes spans of what queues and workers do. */
  readonly telemetry?: Telemetry | undefined;
}

const usualSilentMs = 15_000;

/** Opens what holds the queue: Redis, or the store of the records. It connects when it is used. */
export function openBackend(
  config: QueueConfig,
  secrets: Secrets,
  database: Database,
  events: QueueEvents,
  tuning: BackendTuning = {},
): QueueBackend {
  if (config.kind === 'store') return openStoreBackend(database, tuning);
  return openRedisBackend(config, secrets, events, tuning);
}

/** A queue in the store of the records. */
export function openStoreBackend(
  database: Database,
  { telemetry }: Pick<BackendTuning, 'telemetry'> = {},
): QueueBackend {
  const bound = withBackend(createPostgresBackend);
  const own = { connection: withoutEvents(database) as never, ...(telemetry && { telemetry }) };
  const createQueue = (name: string) => new bound.Queue(name, own) as unknown as Queue;
  const ask = async () => {
    await database.queuePool.query('select 1');
  };
  return {
    server: database.server,
    redis: undefined,
    codeOf: codeOfPostgres,
    createQueue,
    createWorker: (name, process, tuning) =>
      new bound.Worker(name, process, { ...tuning, ...own }) as unknown as Worker,
    async probe() {
      const { kind, server, queuePool } = database;
      if (kind === 'embedded') return [];
      await probeNotifications(queuePool as pg.Pool, server);
      await nameRefusal(database, addAndRemove(createQueue('keysweep-probe')));
      return [];
    },
    write: ask,
    // A silent connection of the pool is replaced, so the pool can be asked.
    countWaiting: (name) => countIn(createQueue(name)),
    close: () => undefined,
  };
}

/**
 * The pool without its events: each queue and worker of BullMQ adds a listener for errors, which
 * `close` does not remove. The pool reports its lost connections by itself.
 */
function withoutEvents({ queuePool }: Database) {
  return {
    options: queuePool.options,
    connect: () => queuePool.connect(),
    query: (text: string, values?: unknown[]) => queuePool.query(text, values),
    end: async () => undefined,
    on: () => undefined,
  };
}

/** The queue on Redis. One client is shared by all queues that jobs are added to. */
export function openRedisBackend(
  config: RedisConfig,
  secrets: Secrets,
  events: QueueEvents,
  { silentMs = usualSilentMs, telemetry }: BackendTuning = {},
): QueueBackend {
  const server = nameRedis(config, secrets);
  const opened: (Redis | Cluster)[] = [];
  const open = (options: RedisSettings) => {
    const client = connectRedis(config, secrets, { ...options, socketTimeout: silentMs });
    client.on('error', (error) => events.connectionFailed(codeOfRedis(error)));
    opened.push(client);
    return client;
  };
  // Producers fail fast, because the database also records their work; workers wait for ever.
  const producer = open({ maxRetriesPerRequest: 1, lazyConnect: true });
  const { prefix } = config;
  const own = { prefix, ...(telemetry && { telemetry }) };
  return {
    server,
    redis: producer,
    codeOf: codeOfRedis,
    // Its first command fails with the connection; BullMQ's own wait for it has no end.
    createQueue: (name) =>
      new Queue(name, { connection: producer, ...own, skipWaitingForReady: true }),
    createWorker: (name, process, tuning) =>
      new Worker(name, process, {
        ...tuning,
        ...own,
        connection: open({ maxRetriesPerRequest: null }),
      }),
    probe: () =>
      throughNewClient(config, secrets, (client) => probeRedis(client, prefix)).catch(
        async (error) => {
          const code = (await findTlsFailure(config, secrets)) ?? codeOfRedis(error);
          throw new QueueUnavailable(describeRefusal(server, code), code);
        },
      ),
    write: () => writeProbe(producer, prefix),
    countWaiting: (name) =>
      throughNewClient(config, secrets, (connection) =>
        countIn(new Queue(name, { connection, prefix })),
      ),
    close: () => {
      for (const client of opened) client.disconnect();
    },
  };
}

/** A role may read the queue's tables and be refused what adding a job needs. */
async function addAndRemove(queue: Queue): Promise<void> {
  queue.on('error', () => undefined);
  try {
    const { id = '' } = await queue.add('probe', {});
    await queue.remove(id);
  } finally {
    await queue.close();
  }
}

async function countIn(queue: Queue): Promise<number> {
  queue.on('error', () => undefined);
  try {
    const counts = await queue.getJobCounts('wait', 'prioritized');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  } finally {
    await queue.close();
  }
}
