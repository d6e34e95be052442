import type { Secrets } from '../../src/config/config.ts';
import { noProxies } from '../../src/proxy/proxies.ts';

/** A server that wants no login. */
export const noSecrets: Secrets = {
  databaseUrl: undefined,
  redisUrl: undefined,
  redisPassword: undefined,
  sentinelPassword: undefined,
  redisTls: undefined,
  proxies: noProxies,
  sources: new Map(),
  channels: new Map(),
  tokens: [],
  evidenceKey: undefined,
  oidcClientSecret: undefined,
  reviewLinkKey: undefined,
  heartbeats: new Map(),
};
