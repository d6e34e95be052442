import { expect, test } from 'vitest';
import { jobId } from '../../src/queue/job-id.ts';
import { planLostBatches } from '../../src/queue/plan-lost-batches.ts';

const sweepId = '11111111-2222-4333-8444-555555555555';
const aBatch = (batch: number, round = 0) => ({ sweepId, scope: 'full' as const, batch, round });

test('a batch is lost when neither queue has a job for its round', () => {
  const audits = new Set([jobId.batch(sweepId, 0, 0), jobId.batch(sweepId, 2, 0)]);
  const requests = new Set([jobId.batch(sweepId, 1, 3)]);
  const batches = [aBatch(0), aBatch(1, 3), aBatch(2, 1), aBatch(3)];
  expect(planLostBatches(batches, audits, requests)).toEqual([aBatch(2, 1), aBatch(3)]);
});
