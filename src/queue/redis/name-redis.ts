import type { Secrets } from '../../config/config.ts';
import { parseServerUrl } from '../../options/address.ts';
import { hostPort } from '../../text/host-port.ts';
import type { RedisConfig } from './redis-options.ts';

const usualPort = 6379;

/** The server of the queue in words, without its password: “Redis at 127.0.0.1:6379”. */
export function nameRedis(config: RedisConfig, { redisUrl }: Pick<Secrets, 'redisUrl'>): string {
  if (config.kind === 'cluster') return `the Redis cluster at ${listed(config.nodes)}`;
  if (config.kind === 'sentinel') {
    return `Redis ${config.name} behind the sentinels at ${listed(config.hosts)}`;
  }
  const url = redisUrl === undefined ? undefined : parseServerUrl(redisUrl);
  if (url === undefined) return 'Redis';
  const { hostname, port, pathname } = url;
  if (hostname === '') return `Redis at ${decodeURIComponent(pathname)}`;
  return `Redis at ${hostname}:${port === '' ? usualPort : port}`;
}

function listed(hosts: readonly { readonly host: string; readonly port: number }[]): string {
  return hosts.map(({ host, port }) => hostPort(host, port)).join(', ');
}
