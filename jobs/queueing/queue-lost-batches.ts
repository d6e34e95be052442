import type { Logger } from 'pino';
import type { QueueName } from '../../src/queue/define-job.ts';
import { planLostBatches } from '../../src/queue/plan-lost-batches.ts';
import type { Database } from '../../src/record/store/database.ts';
import { startRound, type Unfinished } from '../../src/record/sweeps/unfinished.ts';
import type { Enqueue } from './enqueue.ts';
import { queueBatches } from './queue-batches.ts';

interface LostBatchesContext extends Enqueue {
  readonly database: Database;
  readonly log: Logger;
  /** The ids of a queue's unfinished jobs. */
  liveIds(queue: QueueName): Promise<ReadonlySet<string>>;
}

/** Queues again the batches that the queues have lost. */
export async function queueLostBatches(
  { batches }: Pick<Unfinished, 'batches'>,
  { database, log, liveIds, enqueue }: LostBatchesContext,
): Promise<void> {
  if (batches.length === 0) return;
  const [audits, requests] = await Promise.all([liveIds('audits'), liveIds('requests')]);
  const lost = planLostBatches(batches, audits, requests);
  await startRound(database, lost);
  for (const { sweepId, scope, batch, round } of lost) {
    await queueBatches({ sweepId, scope, batches: [{ batch, round: round + 1 }] }, { enqueue });
  }
  if (lost.length > 0) log.warn({ batches: lost.length }, 'lost batches are queued again');
}
