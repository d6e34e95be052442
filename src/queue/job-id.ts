import { hash } from 'node:crypto';

/**
 * The ids of our jobs. The same work gets the same id, so that the queue ignores a job that it
 * already has. The queue also ignores the id of a job that it keeps as finished or failed;
 * therefore `round` counts how often the work was queued. BullMQ refuses ids that are integers or
 * hold a colon.
 */
export const jobId = {
  tick: (schedule: string, dueAt: Date, round: number | string) =>
    `tick-${digest(schedule)}-${dueAt.getTime()}-${round}`,
  request: (requestId: string, round: number) => `request-${requestId}-${round}`,
  batch: (sweepId: string, batch: number, round: number) => `batch-${sweepId}-${batch}-${round}`,
  close: (sweepId: string, round: number) => `close-${sweepId}-${round}`,
  later: (channel: string, at: Date) =>
    `alerts-${digest(channel)}-${Math.floor(at.getTime() / 1_000)}s`,
  once: (job: string, uuid: string) => `${job}-${uuid}`,
  reconcile: (at: Date, last: Date) =>
    `reconcile-m${Math.floor(at.getTime() / 60_000)}-${last.getTime()}`,
  minutely: (job: string, at: Date) => `${job}-m${Math.floor(at.getTime() / 60_000)}`,
};

/** Users choose schedule ids; a digest has only characters that a job id may have. */
function digest(text: string): string {
  return hash('sha256', text).slice(0, 16);
}
