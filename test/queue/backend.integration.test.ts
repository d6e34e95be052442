import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import type { QueueConfig, Secrets } from '../../src/config/config.ts';
import { openBackend, type QueueBackend } from '../../src/queue/backend.ts';
import { childServer, freePort } from '../support/child-server.ts';
import { eventually } from '../support/eventually.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { noSecrets } from './no-secrets.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(config: QueueConfig, secrets: Partial<Secrets> = {}): QueueBackend {
  const quiet = { connectionFailed: () => undefined };
  const backend = openBackend(config, { ...noSecrets, ...secrets }, undefined as never, quiet);
  closers.push(() => backend.close());
  return backend;
}

/** Queues a job and waits until a worker has done it. */
async function roundTrip(backend: QueueBackend): Promise<unknown> {
  const queue = backend.createQueue('keysweep-requests');
  const seen: unknown[] = [];
  const process = async ({ data }: { data: unknown }) => void seen.push(data);
  const worker = backend.createWorker('keysweep-requests', process, {});
  queue.on('error', () => undefined);
  worker.on('error', () => undefined);
  closers.push(async () => {
    await worker.close();
    await queue.close();
  });
  await queue.add('audit-keys', { n: 1 });
  return eventually('the job is done', () => seen[0]);
}

async function ownRedis(args: readonly string[] = []) {
  const server = await startRedis(args);
  closers.push(() => server.close());
  return server;
}

async function admin(url: string, ...command: [string, ...string[]]) {
  const client = new Redis(url);
  const answer = await client.call(...command);
  client.disconnect();
  return answer;
}

/** A sentinel that watches the server at this port under the name `main`. */
async function startSentinel(watched: number, password: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const watch = `sentinel monitor main 127.0.0.1 ${watched} 1\nsentinel auth-pass main ${password}`;
  await writeFile(file, `port ${port}\nbind 127.0.0.1\n${watch}\nrequirepass for-sentinels\n`);
  const child = childServer({
    program: 'redis-server',
    args: [file, '--sentinel'],
    cwd: folder,
    isReady: async () => {
      const client = new Redis(port, { password: 'for-sentinels', retryStrategy: () => null });
      client.on('error', () => undefined);
      return client
        .ping()
        .then(
          () => true,
          () => false,
        )
        .finally(() => client.disconnect());
    },
  });
  await child.start();
  closers.push(async () => {
    await child.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  return port;
}

describe.skipIf(!canStartRedis())('a queue', () => {
  test('behind Sentinel is found and logged in to, sentinels and server each their own way', async () => {
    const server = await ownRedis();
    await admin(server.url, 'ACL', 'SETUSER', 'ks', 'on', '>for-ks', '~*', '&*', '+@all');
    await admin(server.url, 'CONFIG', 'SET', 'requirepass', 'for-admins');
    const port = await startSentinel(server.port, 'for-admins');
    const config: QueueConfig = {
      kind: 'sentinel',
      prefix: 'keysweep',
      name: 'main',
      hosts: [{ host: '127.0.0.1', port }],
      username: 'ks',
      tls: false,
    };
    const secrets = { redisPassword: 'for-ks', sentinelPassword: 'for-sentinels' };
    expect(await roundTrip(open(config, secrets))).toEqual({ n: 1 });
  });

  test('on a cluster works with its prefix in braces', async () => {
    const server = await ownRedis([
      ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    ]);
    await admin(server.url, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually('the cluster is up', async () =>
      String(await admin(server.url, 'CLUSTER', 'INFO')).includes('cluster_state:ok'),
    );
    const nodes = [{ host: '127.0.0.1', port: server.port }];
    const config = {
      kind: 'cluster',
      prefix: '{ks}',
      nodes,
      username: undefined,
      tls: false,
    } as const;
    const backend = open(config);
    expect(await roundTrip(backend)).toEqual({ n: 1 });
    await expect(backend.probe()).resolves.toEqual([]);
    await expect(backend.countWaiting('keysweep-requests')).resolves.toBe(0);
  });
});
