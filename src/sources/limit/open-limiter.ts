import type { Cluster, Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Database } from '../../record/store/database.ts';

export interface LimiterOptions {
  readonly keyPrefix: string;
  readonly points: number;
  readonly durationS: number;
}

/** The part of rate-limiter-flexible that is used: `consume` rejects with a `RateLimiterRes`. */
export interface Limiter {
  consume(key: string, points: number): Promise<{ readonly msBeforeNext: number }>;
  block(key: string, seconds: number): Promise<unknown>;
}

/** Makes limiters whose counts all workers share. */
export type OpenLimiter = (options: LimiterOptions) => Limiter;

/**
 * Counts in Redis if the queue is there, else in PostgreSQL. The embedded store has only one
 * process, which counts in its memory; so does `keysweep doctor` where neither server works.
 */
export function createLimiters(
  database: Database | undefined,
  redis: Redis | Cluster | undefined,
  prefix: string,
): OpenLimiter {
  return ({ keyPrefix, points, durationS }) => {
    const common = { points, duration: durationS, keyPrefix: `${prefix}:rate:${keyPrefix}` };
    if (redis !== undefined) return new RateLimiterRedis({ ...common, storeClient: redis });
    if (database === undefined || database.kind === 'embedded')
      return new RateLimiterMemory(common);
    return new RateLimiterPostgres({
      ...common,
      storeClient: database.queuePool,
      storeType: 'pool',
      schemaName: 'keysweep',
      tableName: 'rate_limit',
      tableCreated: true,
    });
  };
}
