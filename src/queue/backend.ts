import {
  createPostgresBackend,
  type Processor,
  Queue,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Cluster, Redis } from 'ioredis';
import type { QueueConfig, Secrets } from '../config/config.ts';
import type { Database } from '../record/store/database.ts';
import { loginOptions, type RedisSettings, sentinelOptions } from './redis-options.ts';

export type WorkerTuning = Omit<WorkerOptions, 'connection' | 'prefix'>;

/** Where BullMQ keeps the jobs. The caller closes the queues and workers that it makes here. */
export interface QueueBackend {
  /** The Redis of the queue, shared by the rate limit; undefined if the store holds the queue. */
  readonly redis: Redis | Cluster | undefined;
  createQueue(name: string): Queue;
  createWorker(name: string, process: Processor, tuning: WorkerTuning): Worker;
  /** Resolves when the queue's server answers; sets no time limit. */
  ping(): Promise<void>;
  /** Drops the connections at once. */
  close(): void;
}

export interface QueueEvents {
  /** A connection of the queue failed; BullMQ and ioredis connect again by themselves. */
  connectionFailed(code: string): void;
}

export function openBackend(
  config: QueueConfig,
  secrets: Secrets,
  database: Database,
  events: QueueEvents,
): QueueBackend {
  if (config.kind === 'store') return storeBackend(database);
  return redisBackend(config, secrets, events);
}

function storeBackend(database: Database): QueueBackend {
  const bound = withBackend(createPostgresBackend);
  const connection = database.queuePool as never;
  return {
    redis: undefined,
    createQueue: (name) => new bound.Queue(name, { connection }) as unknown as Queue,
    createWorker: (name, process, tuning) =>
      new bound.Worker(name, process, { ...tuning, connection }) as unknown as Worker,
    ping: async () => {
      await database.queuePool.query('select 1');
    },
    close: () => undefined,
  };
}

type RedisConfig = Exclude<QueueConfig, { kind: 'store' }>;

function redisBackend(config: RedisConfig, secrets: Secrets, events: QueueEvents): QueueBackend {
  const opened: (Redis | Cluster)[] = [];
  const open = (options: RedisSettings) => {
    const client = connect(config, secrets, options);
    client.on('error', (error: Error & { code?: string }) => {
      events.connectionFailed(error.code ?? error.name);
    });
    opened.push(client);
    return client;
  };
  // Producers fail fast, because the database also records their work; workers wait for ever.
  const producer = open({ maxRetriesPerRequest: 1, lazyConnect: true });
  const { prefix } = config;
  return {
    redis: producer,
    createQueue: (name) => new Queue(name, { connection: producer, prefix }),
    createWorker: (name, process, tuning) =>
      new Worker(name, process, {
        ...tuning,
        connection: open({ maxRetriesPerRequest: null }),
        prefix,
      }),
    ping: async () => {
      await producer.ping();
    },
    close: () => {
      for (const client of opened) client.disconnect();
    },
  };
}

function connect(config: RedisConfig, secrets: Secrets, options: RedisSettings): Redis | Cluster {
  const common: RedisSettings = { ...options, connectionName: 'keysweep', enableReadyCheck: true };
  if (config.kind === 'redis') return new Redis(secrets.redisUrl ?? '', common);
  if (config.kind === 'cluster') {
    return new Cluster([...config.nodes], {
      redisOptions: { ...common, ...loginOptions(config, secrets) },
      lazyConnect: common.lazyConnect === true,
    });
  }
  return new Redis({ ...common, ...sentinelOptions(config, secrets) });
}
