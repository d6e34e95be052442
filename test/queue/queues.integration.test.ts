import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { deliverAlertsOrder } from '../../jobs/queueing/deliver-alerts-order.ts';
import { openBackend } from '../../src/queue/backend.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { describePostgres } from '../record/stores.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase } from '../support/postgres.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { openTcpProxy } from '../support/tcp-proxy.ts';
import { noSecrets } from './no-secrets.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const quiet = { connectionFailed: () => undefined };
const uses = {
  enqueue: (queues: Queues) => enqueueOne(queues),
  liveIds: (queues: Queues) => queues.liveIds('alerts'),
  promote: (queues: Queues) => queues.promote(),
};

async function enqueueOne(queues: Queues): Promise<string> {
  const id = randomUUID();
  await queues.enqueue(deliverAlertsOrder, { id, payload: { channel: 'siem' } });
  return id;
}

/** Whatever met the outage first, the queue takes jobs after it. */
async function recovers(
  queues: Queues,
  use: keyof typeof uses,
  { server, comeBack }: { readonly server: string; comeBack(): unknown },
) {
  const refusal = `${server} takes no jobs (`;
  await expect(uses[use](queues)).rejects.toThrow(refusal);
  await expect(uses[use](queues)).rejects.toThrow(refusal);
  await comeBack();
  await eventually(`${use} works again`, () => uses[use](queues).then(() => true));
  const id = await enqueueOne(queues);
  expect(await queues.liveIds('alerts')).toContain(id);
}

describe.skipIf(!canStartRedis()).each(Object.keys(uses) as (keyof typeof uses)[])(
  'a queue whose first use is `%s`',
  (use) => {
    test('while Redis is away works when Redis is back', async () => {
      const server = await startRedis();
      closers.push(() => server.close());
      await server.stop();
      const secrets = { ...noSecrets, redisUrl: server.url };
      const config = { kind: 'redis', prefix: 'ks' } as const;
      const backend = openBackend(config, secrets, undefined as never, quiet);
      const queues = openQueues(backend);
      closers.push(() => backend.close());
      closers.push(() => queues.close());
      const named = { server: `Redis at 127.0.0.1:${server.port}` };
      await recovers(queues, use, { ...named, comeBack: () => server.restart() });
    });
  },
);

describePostgres('a queue in the store', (get) => {
  test('that is first used while PostgreSQL is away works when PostgreSQL is back', async () => {
    const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
    closers.push(() => fresh.drop());
    const url = new URL(fresh.url);
    const proxy = await openTcpProxy({ host: url.hostname, port: Number(url.port) });
    closers.push(() => proxy.close());
    proxy.refuse();
    url.host = `127.0.0.1:${proxy.port}`;
    const database = openPostgresDatabase(url.href, { connectionLost: () => undefined });
    closers.push(() => database.close());
    const queues = openQueues(openBackend({ kind: 'store' }, noSecrets, database, quiet));
    closers.push(() => queues.close());
    const server = `PostgreSQL at 127.0.0.1:${proxy.port}${url.pathname}`;
    await recovers(queues, 'enqueue', { server, comeBack: () => proxy.accept() });
  });

  test('leaves no listener behind when it is closed', async () => {
    const { queuePool } = get();
    const backend = openBackend({ kind: 'store' }, noSecrets, get(), quiet);
    const before = queuePool.listenerCount('error');
    await backend.countWaiting('keysweep-alerts');
    expect(queuePool.listenerCount('error')).toBe(before);
  });
});
