import { afterEach, describe, expect, inject, test } from 'vitest';
import { openBackend, type QueueBackend } from '../../src/queue/backend.ts';
import { type Database, openPostgresDatabase } from '../../src/record/store/database.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/postgres.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { noSecrets } from './no-secrets.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const quiet = { connectionFailed: () => undefined };

async function openProxy(url: string): Promise<{ readonly proxy: TcpProxy; readonly url: string }> {
  const through = new URL(url);
  const proxy = await openTcpProxy({ host: through.hostname, port: Number(through.port) });
  closers.push(() => proxy.close());
  through.host = `127.0.0.1:${proxy.port}`;
  return { proxy, url: through.href };
}

/** The jobs that a worker of this backend did. */
function work(backend: QueueBackend): readonly unknown[] {
  const done: unknown[] = [];
  const process = async ({ data }: { data: unknown }) => void done.push(data);
  const worker = backend.createWorker('keysweep-requests', process, {
    drainDelay: 1,
    runRetryDelay: 500,
  });
  worker.on('error', () => undefined);
  closers.push(() => Promise.race([worker.close(), new Promise((end) => setTimeout(end, 1_000))]));
  return done;
}

async function add(backend: QueueBackend, job: unknown): Promise<void> {
  const queue = backend.createQueue('keysweep-requests');
  queue.on('error', () => undefined);
  await queue.add('audit-keys', job);
  await queue.close();
}

/** Mutes the worker's connections while it waits for work; then the next job must be done. */
async function recovers(worker: QueueBackend, producer: QueueBackend, proxy: TcpProxy) {
  const done = work(worker);
  await add(producer, 1);
  await eventually('the worker works', () => done.length === 1);
  proxy.mute();
  await add(producer, 2);
  // On a busy machine each attempt takes seconds.
  await eventually('the worker works again', () => done.length === 2, { deadlineMs: 90_000 });
  expect(done).toEqual([1, 2]);
}

test.skipIf(!canStartRedis())(
  'a worker whose connections to Redis fall silent takes work again',
  async () => {
    const server = await startRedis([]);
    closers.push(() => server.close());
    const { proxy, url } = await openProxy(server.url);
    const open = (redisUrl: string) => {
      const config = { kind: 'redis', prefix: 'ks' } as const;
      const secrets = { ...noSecrets, redisUrl };
      const backend = openBackend(config, secrets, undefined as never, quiet, { silentMs: 2_500 });
      closers.push(() => backend.close());
      return backend;
    };
    await recovers(open(url), open(server.url), proxy);
  },
);

const postgres = inject('databaseUrl');

describe.skipIf(postgres === undefined)('on PostgreSQL', () => {
  test('a worker whose connections fall silent takes work again', async () => {
    const fresh = await freshDatabase(postgres ?? '', inject('migratedDatabase'));
    closers.push(() => fresh.drop());
    const { proxy, url } = await openProxy(fresh.url);
    const open = (at: string) => {
      const limits = { usualMs: 1_500, longMs: 5_000, lookMs: 300 };
      const events = { connectionLost: () => undefined };
      const database: Database = openPostgresDatabase(at, events, { limits });
      closers.push(() =>
        Promise.race([database.close(), new Promise((e) => setTimeout(e, 1_000))]),
      );
      return openBackend({ kind: 'store' }, noSecrets, database, quiet);
    };
    await recovers(open(url), open(fresh.url), proxy);
  });
});
