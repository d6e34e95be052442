import type { RedisOptions } from 'ioredis';
import type { QueueConfig, Secrets } from '../../config/config.ts';

/** Without `replyMapping`, which belongs to a type parameter of the constructors. */
export type RedisSettings = Omit<RedisOptions, 'replyMapping'>;

/** A queue in Redis. */
export type RedisConfig = Exclude<QueueConfig, { kind: 'store' }>;
type SentinelConfig = Extract<QueueConfig, { kind: 'sentinel' }>;
type ClusterConfig = Extract<QueueConfig, { kind: 'cluster' }>;

/** The login for a server that Sentinel or Cluster names. A `redis://` URL holds its own login. */
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

/** The addresses of the sentinels, and the logins for them and for the server that they name. */
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
