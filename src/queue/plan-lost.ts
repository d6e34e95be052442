import type { UnfinishedBatch } from '../record/unfinished.ts';
import { jobId } from './job-id.ts';

/** The batches that no job on the queues is for, by the ids of the jobs that are there. */
export function planLostBatches(
  batches: readonly UnfinishedBatch[],
  ...live: readonly ReadonlySet<string>[]
): readonly UnfinishedBatch[] {
  return batches.filter(({ sweepId, batch, round }) => {
    const id = jobId.batch(sweepId, batch, round);
    return !live.some((ids) => ids.has(id));
  });
}

/** The alerts that no job is for, whatever round it was queued in. */
export function planLostAlerts(
  alerts: readonly string[],
  live: ReadonlySet<string>,
): readonly string[] {
  const known = new Set([...live].map(jobId.alertOf));
  return alerts.filter((alert) => !known.has(alert));
}
