import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { deliverAlertsOrder } from '../../jobs/queueing/deliver-alerts-order.ts';
import { openBackend, openRedisBackend, type QueueBackend } from '../../src/queue/backend.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { describeStores } from '../record/stores.ts';
import { eventually } from '../support/eventually.ts';
import { freshRedisPrefix } from '../support/redis.ts';

const events = { connectionFailed: () => undefined };

/** What the queues say of the alerts before and after jobs are added and one is run. */
async function followJobs(backend: QueueBackend): Promise<void> {
  const queues = openQueues(backend);
  onTestFinished(async () => {
    await queues.close();
    backend.close();
  });
  const read = async () => {
    const all = await queues.figures();
    return all.find(({ queue }) => queue === 'keysweep-alerts');
  };
  const none = { waiting: 0, active: 0, delayed: 0, failed: 0 };
  expect(await read()).toEqual({ queue: 'keysweep-alerts', jobs: none, waitMs: 0 });
  expect(await queues.figures()).toHaveLength(4);

  const job = (more: object) => ({ id: randomUUID(), payload: { channel: 'siem' }, ...more });
  await queues.enqueue(
    deliverAlertsOrder,
    ...[job({}), job({ priority: 10 }), job({ delayMs: 60_000 })],
  );
  expect((await read())?.jobs).toEqual({ ...none, waiting: 2, delayed: 1 });
  await eventually('the wait grows', async () => ((await read())?.waitMs ?? 0) >= 20);

  const failing = async () => {
    throw new Error('no');
  };
  const worker = backend.createWorker('keysweep-alerts', failing, {
    settings: { backoffStrategy: () => -1 },
  });
  onTestFinished(() => worker.close());
  await eventually('both have failed', async () => (await read())?.jobs.failed === 2);
  expect(await read()).toMatchObject({ jobs: { waiting: 0, delayed: 1 }, waitMs: 0 });
}

describeStores('the figures of queues in the store', (get) => {
  test('count jobs by state, and say how long the next one has waited', async () => {
    await followJobs(openBackend({ kind: 'store' }, {} as never, get(), events));
  });
});

test.skipIf(inject('redisUrl') === undefined)('the figures of queues on Redis', async () => {
  const redisUrl = inject('redisUrl') ?? '';
  const { prefix, drop } = freshRedisPrefix(redisUrl);
  onTestFinished(drop);
  await followJobs(openRedisBackend({ kind: 'redis', prefix }, { redisUrl } as never, events));
});
