import { createHash } from 'node:crypto';

/**
 * The ids of our jobs. The same work gets the same id, so that the queue swallows what is already
 * there; `round` counts how often the work was queued, for the queue also swallows an id whose job
 * it keeps as finished or failed. BullMQ refuses ids that are integers or hold a colon.
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
  minutely: (job: string, at: Date) => `${job}-m${Math.floor(at.getTime() / 60_000)}`,
};

/** Schedule ids are the user's; a digest keeps the characters of a job id ours. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
