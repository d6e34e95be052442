import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { eventually } from './eventually.ts';
import { canStartPostgres, freshDatabase, startPostgres } from './postgres.ts';
import { canStartRedis, freshRedisPrefix, startRedis } from './redis.ts';
import { findServer, renderNoOwnServer, renderSkipped } from './servers.ts';

const redisUrl = inject('redisUrl');
const databaseUrl = inject('databaseUrl');

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the order in which servers are found', () => {
  test('takes the environment first', async () => {
    const found = await findServer('redis', { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(found).toMatchObject({ url: 'redis://127.0.0.1:1', from: 'environment' });
  });

  test('refuses a URL in the environment that is of another kind', async () => {
    const looking = findServer('redis', { REDIS_URL: 'postgres://127.0.0.1' });
    await expect(looking).rejects.toThrow('REDIS_URL is not the URL of Redis');
  });

  test('says what is skipped, why, and how to get it', () => {
    const text = renderSkipped({ kind: 'postgres', reasons: ['a', 'b'] });
    expect(text).toContain('SKIPPED: the suites that need PostgreSQL: a; b.');
    expect(text).toContain('set DATABASE_URL');
    expect(text).toContain('apt-get install postgresql');
  });

  test('names the suites that kill a server, which no URL brings back', () => {
    vi.stubEnv('PATH', '');
    onTestFinished(() => void vi.unstubAllEnvs());
    const text = renderNoOwnServer('redis');
    expect(text).toContain('SKIPPED: the suites that kill a Redis of their own');
    expect(text).toContain('apt-get install redis-server');
  });

  test.skipIf(!canStartRedis())('names none of them where the server can be started', () => {
    expect(renderNoOwnServer('redis')).toBeUndefined();
  });
});

describe.skipIf(redisUrl === undefined)('the shared Redis', () => {
  test('gives each file a prefix of its own and drops what is under it', async () => {
    const url = redisUrl as string;
    const [one, two] = [freshRedisPrefix(url), freshRedisPrefix(url)];
    const client = new Redis(url);
    await client.mset(`${one.prefix}:a`, '1', `${two.prefix}:a`, '2');
    await one.drop();
    expect(await client.mget(`${one.prefix}:a`, `${two.prefix}:a`)).toEqual([null, '2']);
    await two.drop();
    client.disconnect();
  });
});

describe.skipIf(databaseUrl === undefined)('the shared PostgreSQL', () => {
  test('gives each file a database of its own and drops it under open connections', async () => {
    const fresh = await freshDatabase(databaseUrl as string);
    expect(await query(fresh.url, 'CREATE TABLE t (i int)')).toEqual([]);
    const guest = new Client({ connectionString: fresh.url });
    const gone = new Promise((resolve) => guest.on('error', resolve));
    await guest.connect();
    await fresh.drop();
    await gone;
    await expect(query(fresh.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

describe.skipIf(!canStartRedis())('a Redis of the test’s own', () => {
  test('can be killed and comes back empty on the same port', async () => {
    const server = await startRedis();
    const client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.set('a', '1');
    await server.kill();
    expect(server.pid).toBeUndefined();
    await eventually('the client sees the loss', () => client.status !== 'ready');
    await server.restart();
    expect(await client.get('a')).toBeNull();
    client.disconnect();
    await server.close();
  });

  test('keeps its data over a kill where it is told to write it', async () => {
    const server = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
    const client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.set('a', '1');
    await server.kill();
    await server.restart();
    expect(await client.get('a')).toBe('1');
    client.disconnect();
    await server.close();
  });
});

describe.skipIf(!canStartPostgres())('a PostgreSQL of the test’s own', () => {
  test('can be killed under a connection and comes back with what was committed', async () => {
    const server = await startPostgres();
    await query(server.url, 'CREATE TABLE t AS SELECT 1 AS i');
    const guest = new Client({ connectionString: server.url });
    const gone = new Promise((resolve) => guest.on('error', resolve));
    await guest.connect();
    await server.kill();
    await gone;
    await expect(query(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await query(server.url, 'SELECT i FROM t')).toEqual([{ i: 1 }]);
    await server.close();
  });

  test('stops in good order while somebody is connected', async () => {
    const server = await startPostgres();
    const guest = new Client({ connectionString: server.url });
    guest.on('error', () => undefined);
    await guest.connect();
    await server.stop();
    expect(server.pid).toBeUndefined();
    await server.close();
  });
});
