import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';

/** A schedule as it was from one leaf to another. */
export interface ScheduleTerms {
  readonly n: number;
  readonly schedule: string;
  readonly cron: string;
  readonly timezone: string;
  /** Ticks after this instant are due. */
  readonly after: Date;
  /** The last instant at which one is; undefined while the log ends with these terms. */
  readonly until: Date | undefined;
  /** How long after a tick its sweep may close. */
  readonly longestMs: number;
}

/** The terms of all schedules, in the order of their leaves. */
export function listTerms(leaves: readonly NumberedLeaf[]): readonly ScheduleTerms[] {
  const ended: ScheduleTerms[] = [];
  const current = new Map<string, ScheduleTerms>();
  for (const { n, at, event } of leaves) {
    if (event.event !== 'schedule-set' && event.event !== 'schedule-removed') continue;
    const { schedule } = event;
    const before = current.get(schedule);
    if (before !== undefined) ended.push({ ...before, until: at });
    current.delete(schedule);
    if (event.event === 'schedule-removed') continue;
    const { cron, timezone, catchUpMs, deadlineMs } = event;
    const longestMs = catchUpMs + deadlineMs;
    current.set(schedule, {
      ...{ n, schedule, cron, timezone, after: at, until: undefined, longestMs },
    });
  }
  return [...ended, ...current.values()].sort((one, other) => one.n - other.n);
}
