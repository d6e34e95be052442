import { Cluster, Redis } from 'ioredis';
import { isRedisSocket } from '../../config/addresses.ts';
import type { Secrets } from '../../config/config.ts';
import { readSocketUrl } from './read-socket-url.ts';
import {
  loginOptions,
  type RedisConfig,
  type RedisSettings,
  sentinelOptions,
  tlsOptions,
} from './redis-options.ts';

const answerMs = 5_000;

/** A client that connects again by itself whenever its connection is lost. */
export function connectRedis(
  config: RedisConfig,
  secrets: Secrets,
  options: RedisSettings,
): Redis | Cluster {
  const common: RedisSettings = { ...options, connectionName: 'keysweep' };
  if (config.kind === 'redis')
    return openSingle(secrets.redisUrl ?? '', {
      ...common,
      ...tlsOptions(false, secrets.redisTls),
    });
  if (config.kind === 'cluster') {
    const { retryStrategy } = options;
    return new Cluster([...config.nodes], {
      redisOptions: { ...common, ...loginOptions(config, secrets) },
      lazyConnect: common.lazyConnect === true,
      // By default 1 s, which a busy machine takes to set up TLS.
      slotsRefreshTimeout: answerMs,
      ...(retryStrategy === undefined ? {} : { clusterRetryStrategy: () => null }),
    });
  }
  return new Redis({ ...common, ...sentinelOptions(config, secrets) });
}

function openSingle(url: string, settings: RedisSettings): Redis {
  if (isRedisSocket(url)) return new Redis({ ...settings, ...readSocketUrl(url) });
  return new Redis(url, settings);
}

/** One attempt: fails with the server's own word instead of waiting until the server is well. */
const once: RedisSettings = {
  lazyConnect: true,
  enableReadyCheck: false,
  connectTimeout: answerMs,
  commandTimeout: answerMs,
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  sentinelRetryStrategy: () => null,
};

/**
 * Runs `work` over a new connection and ends it. Rejects with the first error of the connection, or
 * with what `work` throws. Ends within ten seconds if `work` sends one command after the other.
 */
export async function throughNewClient<T>(
  config: RedisConfig,
  secrets: Secrets,
  work: (client: Redis | Cluster) => Promise<T>,
): Promise<T> {
  const client = connectRedis(config, secrets, once);
  let first: unknown;
  client.on('error', (error) => {
    first ??= error;
  });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw first ?? error;
  } finally {
    client.disconnect();
  }
}
