import { incomplete, type PackProblem } from '../problem.ts';
import type { Period } from '../trust.ts';
import type { ScheduleTerms } from './list-terms.ts';

/**
 * The parts of the period for which the log cannot show that nothing was due: before its first
 * schedule, between schedules, and after its newest leaf. `end`: the time of that leaf.
 */
export function checkCovered(
  terms: readonly ScheduleTerms[],
  { from, to }: Period,
  end: number,
): PackProblem[] {
  const problems: PackProblem[] = [];
  const stop = Math.min(to.getTime(), end);
  let covered = from.getTime();
  const inOrder = [...terms].sort((one, other) => one.after.getTime() - other.after.getTime());
  for (const { after, until } of inOrder) {
    const start = after.getTime();
    if (start > covered && covered < stop) {
      problems.push(uncovered(covered, Math.min(start, stop), noSchedule));
    }
    covered = Math.max(covered, until?.getTime() ?? Infinity);
  }
  if (covered < stop) problems.push(uncovered(covered, stop, noSchedule));
  if (to.getTime() > end) {
    const message = Number.isFinite(end) ? 'the log ends before' : 'the log has no leaf';
    problems.push(uncovered(Math.max(from.getTime(), end), to.getTime(), message));
  }
  return problems;
}

const noSchedule = 'the log had no schedule then';

function uncovered(from: number, to: number, why: string): PackProblem {
  const [start, end] = [new Date(from).toISOString(), new Date(to).toISOString()];
  return incomplete('not-covered', 'period', `${start} to ${end} is not covered: ${why}`);
}
