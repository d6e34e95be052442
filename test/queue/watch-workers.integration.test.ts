import { afterEach, expect, test } from 'vitest';
import { openBackend, type QueueBackend } from '../../src/queue/backend.ts';
import { watchWorkers } from '../../src/queue/watch-workers.ts';
import { eventually } from '../support/eventually.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { noSecrets } from './no-secrets.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const queue = 'keysweep-requests';
const timings = { lookEveryMs: 50, stuckMs: 300 };

async function openQueueWithJob() {
  const server = await startRedis([]);
  closers.push(() => server.close());
  const quiet = { connectionFailed: () => undefined };
  const secrets = { ...noSecrets, redisUrl: server.url };
  const config = { kind: 'redis', prefix: 'ks' } as const;
  const backend = openBackend(config, secrets, undefined as never, quiet);
  closers.push(() => backend.close());
  const jobs = backend.createQueue(queue);
  jobs.on('error', () => undefined);
  await jobs.add('audit-keys', {});
  closers.push(() => jobs.close());
  return { server, backend };
}

/** The queues whose worker was found stuck: one that has room and never takes anything. */
function watch(backend: QueueBackend): readonly string[] {
  const stuck: string[] = [];
  const end = watchWorkers(
    {
      activity: () => [{ queue, hasRoom: true, taken: 0 }],
      countWaiting: backend.countWaiting,
      onStuck: (queues) => stuck.push(...queues),
    },
    timings,
  );
  closers.push(end);
  return stuck;
}

test.skipIf(!canStartRedis())('a worker that takes nothing while jobs wait is stuck', async () => {
  const { backend } = await openQueueWithJob();
  const stuck = watch(backend);
  await eventually('it is stuck', () => stuck.length > 0);
  expect(stuck).toEqual([queue]);
});

test.skipIf(!canStartRedis())('no worker is stuck while the server is gone', async () => {
  const { server, backend } = await openQueueWithJob();
  await server.stop();
  const stuck = watch(backend);
  const startedAt = performance.now();
  await eventually('it was looked at again and again', async () => {
    await backend.countWaiting(queue).catch(() => undefined);
    return performance.now() - startedAt > 4 * timings.stuckMs;
  });
  expect(stuck).toEqual([]);
});
