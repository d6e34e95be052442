import type { Secrets } from '../../config/config.ts';
import { throughNewClient } from './connect-redis.ts';
import { mastersOf } from './probe-redis.ts';
import type { RedisConfig } from './redis-options.ts';

/** What a Redis says of itself; undefined where its user may not read it. */
export interface RedisFacts {
  readonly version: string | undefined;
  /** Whether it writes an append-only file. */
  readonly keepsLog: boolean | undefined;
}

/** One for each master. Rejects with the error of the connection. */
export function readRedisFacts(
  config: RedisConfig,
  secrets: Secrets,
): Promise<readonly RedisFacts[]> {
  return throughNewClient(config, secrets, (client) =>
    Promise.all(
      mastersOf(client).map(async (master) => {
        const info = await master.info().catch(() => '');
        const log = /^aof_enabled:([01])/m.exec(info)?.[1];
        return {
          version: /^redis_version:(\S+)/m.exec(info)?.[1],
          keepsLog: log === undefined ? undefined : log === '1',
        };
      }),
    ),
  );
}
