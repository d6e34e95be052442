import { jobId } from '../../src/queue/job-id.ts';
import type { OpenBatch, OpenedSweep } from '../../src/record/sweeps/write-sweep.ts';
import { auditBatchNowOrder, auditBatchOrder } from './audit-batch-order.ts';
import type { Enqueue } from './enqueue.ts';

/** Batches of a schedule run after requested batches. */
const nightly = 10;

/** Queues the batches of a sweep. Batches of a re-audit use the queue with a reserved worker. */
export async function queueBatches(
  { sweepId, scope, batches }: Pick<OpenedSweep, 'sweepId' | 'scope' | 'batches'>,
  { enqueue }: Enqueue,
): Promise<void> {
  const toJob = ({ batch, round }: OpenBatch) => ({
    id: jobId.batch(sweepId, batch, round),
    payload: { sweepId, batch },
  });
  if (scope === 'partial') await enqueue(auditBatchNowOrder, ...batches.map(toJob));
  else {
    const jobs = batches.map((batch) => ({ ...toJob(batch), priority: nightly }));
    await enqueue(auditBatchOrder, ...jobs);
  }
}
