import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { canStartPostgres, startPostgres } from '../support/postgres.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import type { Ended, Running } from './command.ts';
import { queryRecords } from './records.ts';
import { createWorld, type World } from './world.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function open(difference: Parameters<typeof createWorld>[0]): Promise<World> {
  const world = await createWorld(difference);
  closers.push(() => world.close());
  return world;
}

/** The lines on stderr, each of which must be JSON. */
function linesOf({ stderr }: Pick<Ended, 'stderr'>): readonly Record<string, unknown>[] {
  return stderr
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const hasServers = canStartRedis() && inject('databaseUrl') !== undefined;

describe.skipIf(!hasServers)('a Redis that refuses the work of the queue', () => {
  test.each([
    ['READONLY', ['REPLICAOF', '127.0.0.1', '1']],
    ['maxmemory-policy', ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru']],
  ] as const)('ends start and sweep with exit 2 and its word %s', async (word, command) => {
    const redis = await startRedis([]);
    closers.push(() => redis.close());
    const [name, ...args] = command;
    const client = new Redis(redis.url);
    await client.call(name, ...args);
    client.disconnect();
    const world = await open({ stack: 'redis', redisUrl: redis.url });
    const [started, swept] = await Promise.all([world.run(['start']), world.run(['sweep'])]);
    expect(started.code).toBe(2);
    const last = linesOf(started).at(-1);
    expect(last).toMatchObject({ level: 'fatal' });
    expect(String(last?.['msg'])).toContain(`Redis at 127.0.0.1:${redis.port}`);
    expect(String(last?.['msg'])).toContain(word);
    expect(swept.code).toBe(2);
    expect(swept.stderr).toContain(word);
  });
});

async function healthOf(running: Running): Promise<string> {
  const { port } = linesOf(running).find(({ msg }) => msg === 'keysweep is ready') ?? {};
  const [alive, ready] = await Promise.all(
    ['healthz', 'readyz'].map((path) => fetch(`http://127.0.0.1:${port}/${path}`)),
  );
  return `${alive?.status} ${ready?.status}`;
}

describe.skipIf(!hasServers || !canStartPostgres())('servers that take no writes', () => {
  test('make start not ready, and it stays alive', { tags: ['all'] }, async () => {
    const [redis, postgres] = [await startRedis([]), await startPostgres()];
    closers.push(() => Promise.all([redis.close(), postgres.close()]));
    const client = new Redis(redis.url);
    closers.push(() => client.disconnect());
    const readOnly = (value: 'on' | 'off') =>
      queryRecords(world, `alter system set default_transaction_read_only = ${value}`).then(() =>
        queryRecords(world, 'select pg_reload_conf()'),
      );
    const faults = [
      {
        begin: () => client.call('REPLICAOF', '127.0.0.1', '1'),
        end: () => client.call('REPLICAOF', 'NO', 'ONE'),
      },
      {
        begin: () => client.call('CONFIG', 'SET', 'maxmemory', '1'),
        end: () => client.call('CONFIG', 'SET', 'maxmemory', '0'),
      },
      { begin: () => readOnly('on'), end: () => readOnly('off') },
    ];
    const world = await open({
      ...({ stack: 'redis', redisUrl: redis.url, databaseUrl: postgres.url } as const),
    });
    const running = world.launch(['start']);
    await running.says('keysweep is ready');
    expect(await healthOf(running)).toBe('200 200');
    for (const { begin, end } of faults) {
      await begin();
      await eventually('it is not ready', async () => (await healthOf(running)) === '200 503');
      await end();
      await eventually('it is ready', async () => (await healthOf(running)) === '200 200');
    }
    expect((await running.end('SIGTERM')).code).toBe(0);
    const server = `Redis at 127.0.0.1:${redis.port}`;
    const said = linesOf(running).filter((line) => line['server'] === server);
    expect(said.map(({ code }) => code)).toContain('READONLY');
    for (const line of linesOf(running)) expect(line).not.toMatchObject({ code: 'ReplyError' });
  });
});

describe.skipIf(!hasServers || !canStartPostgres())('while PostgreSQL is down', () => {
  /** Which parts `/metrics` could read. */
  const figuresOf = async (running: Running) => {
    const { port } = linesOf(running).find(({ msg }) => msg === 'keysweep is ready') ?? {};
    const scraped = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await scraped.text();
    const ups = text.matchAll(/^keysweep_figures_up\{part="(\w+)"\} (\d)$/gm);
    return Object.fromEntries([...ups].map(([, part, up]) => [part, Number(up)]));
  };

  test('start is alive but not ready, and ready again when it is back', async () => {
    const postgres = await startPostgres();
    closers.push(() => postgres.close());
    const world = await open({ stack: 'redis', databaseUrl: postgres.url });
    const running = world.launch(['start']);
    await running.says('keysweep is ready');
    expect(await healthOf(running)).toBe('200 200');
    expect(await figuresOf(running)).toEqual({ records: 1, queue: 1 });
    await postgres.kill();
    await eventually('it is not ready', async () => (await healthOf(running)) === '200 503');
    await eventually('a scrape says so', async () => {
      expect(await figuresOf(running)).toEqual({ records: 0, queue: 1 });
      return true;
    });
    await postgres.restart();
    await eventually('it is ready', async () => (await healthOf(running)) === '200 200');
  });
});
