import type { Period } from '../period.ts';
import type { ScheduleTerms } from './list-terms.ts';

/** A part of a period for which the log cannot show that nothing was due. */
export interface Uncovered extends Period {
  readonly because: 'no-schedule' | 'unreadable-schedule' | 'log-ends' | 'log-empty';
}

/**
 * The parts of the period before the log's first schedule, between schedules, and after its newest
 * leaf. `end`: the time of that leaf; not finite where there is none.
 */
export function listUncovered(
  terms: readonly ScheduleTerms[],
  { from, to }: Period,
  end: number,
): readonly Uncovered[] {
  const parts: Uncovered[] = [];
  const add = (start: number, stop: number, because: Uncovered['because']) =>
    parts.push({ from: new Date(start), to: new Date(stop), because });
  const stop = Math.min(to.getTime(), end);
  let covered = from.getTime();
  const inOrder = [...terms].sort((one, other) => one.after.getTime() - other.after.getTime());
  for (const { after, until } of inOrder) {
    const start = after.getTime();
    if (start > covered && covered < stop) add(covered, Math.min(start, stop), 'no-schedule');
    covered = Math.max(covered, until?.getTime() ?? Infinity);
  }
  if (covered < stop) add(covered, stop, 'no-schedule');
  if (to.getTime() > end) {
    const because = Number.isFinite(end) ? 'log-ends' : 'log-empty';
    add(Math.max(from.getTime(), end), to.getTime(), because);
  }
  return parts;
}
