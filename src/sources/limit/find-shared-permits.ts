import type { Cluster, Redis } from 'ioredis';
import type { Database } from '../../record/store/database.ts';
import type { OpenPermits } from './permits.ts';
import { createPostgresPermits } from './postgres-permits.ts';
import { createRedisPermits } from './redis-permits.ts';

/**
 * The permits that workers share: in Redis if the queue is there, else in PostgreSQL. Undefined for
 * the embedded store, which has only one process.
 */
export function findSharedPermits(
  database: Database | undefined,
  redis: Redis | Cluster | undefined,
  prefix: string,
): OpenPermits | undefined {
  if (redis !== undefined) return createRedisPermits(redis, prefix);
  return database?.kind === 'postgres' ? createPostgresPermits(database) : undefined;
}
