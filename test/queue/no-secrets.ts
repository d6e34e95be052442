import type { Secrets } from '../../src/config/config.ts';

/** A server that wants no login. */
export const noSecrets: Secrets = {
  databaseUrl: undefined,
  redisUrl: undefined,
  redisPassword: undefined,
  sentinelPassword: undefined,
  sources: new Map(),
  channels: new Map(),
  heartbeats: new Map(),
};
