import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { deliverAlertsOrder } from '../../jobs/queueing/deliver-alerts-order.ts';
import { openBackend } from '../../src/queue/backend.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { describeStores } from '../record/stores.ts';

describeStores('a delayed job in the store', (get) => {
  test('waits no longer when all are promoted', async () => {
    const events = { connectionFailed: () => undefined };
    const backend = openBackend({ kind: 'store' }, {} as never, get(), events);
    const queues = openQueues(backend);
    onTestFinished(async () => {
      await queues.close();
      await backend.close();
    });
    const id = `later-${randomUUID()}`;
    const later = { id, payload: { channel: 'siem' }, delayMs: 7_200_000 };
    await queues.enqueue(deliverAlertsOrder, later);
    const queue = backend.createQueue('keysweep-alerts');
    onTestFinished(() => queue.close());
    expect(await queue.getJobState(id)).toBe('delayed');
    await queues.promote();
    expect(await queue.getJobState(id)).toBe('waiting');
  });
});
