import { planLostBatches } from '../../src/queue/plan-lost-batches.ts';
import { startRound, type Unfinished } from '../../src/record/sweeps/unfinished.ts';
import type { JobContext } from '../context.ts';
import { queueBatches } from './queue-batches.ts';

/** Queues again the batches that the queues have lost. */
export async function queueLostBatches(
  { batches }: Pick<Unfinished, 'batches'>,
  context: JobContext,
): Promise<void> {
  if (batches.length === 0) return;
  const [audits, requests] = await Promise.all([
    context.liveIds('audits'),
    context.liveIds('requests'),
  ]);
  const lost = planLostBatches(batches, audits, requests);
  await startRound(context.database, lost);
  for (const { sweepId, scope, batch, round } of lost) {
    await queueBatches({ sweepId, scope, batches: [{ batch, round: round + 1 }] }, context);
  }
  if (lost.length > 0) context.log.warn({ batches: lost.length }, 'lost batches are queued again');
}
