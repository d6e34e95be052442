import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import type { ScheduleTerms } from './list-terms.ts';

const hourMs = 3_600_000;

/**
 * The deadline that the leaf names, and none after what its schedule allows: whoever writes the leaf
 * of a past tick could name any. `terms`: those by which the tick was due, if there was one.
 */
export function lastDeadline(
  { dueAt, deadlineAt }: ClosedSweepLeaf['event'],
  terms: ScheduleTerms | undefined,
): Date {
  const said = new Date(deadlineAt);
  if (dueAt === null || terms === undefined) return said;
  return new Date(Math.min(said.getTime(), Date.parse(dueAt) + terms.longestMs));
}

/** Whether an instant is over an hour after a deadline. A closing takes its time, as a witness does. */
export function isTooLate(atMs: number, deadline: Date): boolean {
  return atMs > deadline.getTime() + hourMs;
}
