import type { ConnectionOptions } from 'node:tls';
import type { RedisOptions } from 'ioredis';
import type { QueueConfig, RedisTls, Secrets } from '../../config/config.ts';

/** Without `replyMapping`, which belongs to a type parameter of the constructors. */
export type RedisSettings = Omit<RedisOptions, 'replyMapping'>;

/** A queue in Redis. */
export type RedisConfig = Exclude<QueueConfig, { kind: 'store' }>;
type SentinelConfig = Extract<QueueConfig, { kind: 'sentinel' }>;
type ClusterConfig = Extract<QueueConfig, { kind: 'cluster' }>;

/** The login for a server that Sentinel or Cluster names. A `redis://` URL holds its own login. */
export function loginOptions(
  { username, tls }: SentinelConfig | ClusterConfig,
  { redisPassword, redisTls }: Pick<Secrets, 'redisPassword' | 'redisTls'>,
): RedisSettings {
  return {
    ...(username === undefined ? {} : { username }),
    ...(redisPassword === undefined ? {} : { password: redisPassword }),
    ...tlsOptions(tls, redisTls),
  };
}

/** `queue.tls` switches TLS on, as `rediss://` and `tls: true` do. */
export function tlsOptions(isOn: boolean, certificates: RedisTls | undefined) {
  return isOn || certificates !== undefined
    ? { tls: { ...certificates } as ConnectionOptions }
    : {};
}

/** The addresses of the sentinels, and the logins for them and for the server that they name. */
export function sentinelOptions(
  config: SentinelConfig,
  secrets: Pick<Secrets, 'redisPassword' | 'sentinelPassword' | 'redisTls'>,
): RedisSettings {
  const { sentinelPassword } = secrets;
  const { tls } = tlsOptions(config.tls, secrets.redisTls);
  return {
    ...loginOptions(config, secrets),
    sentinels: [...config.hosts],
    name: config.name,
    ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
    ...(tls === undefined ? {} : { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}
