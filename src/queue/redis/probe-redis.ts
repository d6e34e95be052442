import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';

const keptMs = 60_000;

/**
 * Does once what the queue does all the time: a write, a script over two keys, and a read of a
 * stream. PING would succeed where all of these are refused. Returns what to warn of. Rejects with
 * the server's refusal, or with `RedisEvicts`.
 */
export async function probeRedis(
  client: Redis | Cluster,
  prefix: string,
): Promise<readonly string[]> {
  await writeProbe(client, prefix);
  const stream = `${prefix}:probe:stream`;
  const script =
    "redis.call('xadd', KEYS[2], 'maxlen', 1, '*', 'n', 1) return redis.call('exists', KEYS[1])";
  await client.eval(script, 2, `${prefix}:probe`, stream);
  await client.xrange(stream, '-', '+', 'COUNT', 1);
  await client.pexpire(stream, keptMs);
  const policies = await Promise.all(mastersOf(client).map(readPolicy));
  if (policies.some((policy) => policy !== undefined && policy !== 'noeviction')) {
    throw new RedisEvicts();
  }
  return policies.includes(undefined) ? [unreadablePolicy] : [];
}

const unreadablePolicy =
  'the user may not read maxmemory-policy from CONFIG or INFO; make sure that it is noeviction';

/** Writes one key that goes away by itself. */
export async function writeProbe(client: Redis | Cluster, prefix: string): Promise<void> {
  await client.set(`${prefix}:probe`, randomUUID(), 'PX', keptMs);
}

/** A Redis that is short of memory would remove jobs. */
class RedisEvicts extends Error {
  override readonly name = 'RedisEvicts';
  readonly code = 'EVICTS';
}

/** The servers of a Redis that take writes. */
export function mastersOf(client: Redis | Cluster): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}

/** Undefined if the user may read it neither from CONFIG nor from INFO. */
async function readPolicy(client: Redis): Promise<string | undefined> {
  const found = await client.config('GET', 'maxmemory-policy').catch(() => undefined);
  if (Array.isArray(found) && typeof found[1] === 'string') return found[1];
  const info = await client.info('memory').catch(() => '');
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
}
