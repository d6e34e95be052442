import type { RedisOptions } from 'ioredis';
import type { QueueConfig, Secrets } from '../config/config.ts';

/** `replyMapping` belongs to the constructors' own type parameter. */
export type RedisSettings = Omit<RedisOptions, 'replyMapping'>;

type SentinelConfig = Extract<QueueConfig, { kind: 'sentinel' }>;
type ClusterConfig = Extract<QueueConfig, { kind: 'cluster' }>;

/** How to log in to a server that Sentinel or Cluster names. A `redis://` URL holds this itself. */
export function loginOptions(
  { username, tls }: SentinelConfig | ClusterConfig,
  { redisPassword }: Pick<Secrets, 'redisPassword'>,
): RedisSettings {
  return {
    ...(username === undefined ? {} : { username }),
    ...(redisPassword === undefined ? {} : { password: redisPassword }),
    ...(tls ? { tls: {} } : {}),
  };
}

/** Where the sentinels are, and how to log in to them and to the server that they name. */
export function sentinelOptions(
  config: SentinelConfig,
  secrets: Pick<Secrets, 'redisPassword' | 'sentinelPassword'>,
): RedisSettings {
  const { sentinelPassword } = secrets;
  return {
    ...loginOptions(config, secrets),
    sentinels: [...config.hosts],
    name: config.name,
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(config.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
  };
}
