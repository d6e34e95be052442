import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { describeUnheld, whyUncovered } from '../ticks/describe-unheld.ts';
import { judgeTicks, type TickCounts, type TickGroup } from '../ticks/judge-ticks.ts';
import type { UnreadableTerms } from '../ticks/list-due.ts';
import type { Uncovered } from '../ticks/list-uncovered.ts';
import { incomplete, leafPlace, type PackProblem } from './problem.ts';

export interface TicksChecked {
  readonly problems: readonly PackProblem[];
  readonly counts: TickCounts;
}

/** Names what was due in the period and was not done, or of which the log says nothing. */
export function checkTicks(leaves: readonly NumberedLeaf[], period: Period): TicksChecked {
  const { counts, unheld, uncovered, unreadable } = judgeTicks(leaves, period);
  const problems = [
    ...unreadable.map(describeTerms),
    ...unheld.map(describe),
    ...uncovered.map(describeUncovered),
  ];
  return { problems, counts };
}

function describeTerms({ n, schedule, cron, timezone, why }: UnreadableTerms): PackProblem {
  const reason =
    why === 'unknown'
      ? 'cannot be read'
      : 'was due too often to be listed; ask for a shorter time with --from and --to';
  const message = `when schedule ${schedule} was due is not known: ${JSON.stringify(cron)} in ${timezone} ${reason}`;
  return incomplete('unreadable-schedule', leafPlace(n), message);
}

const codes = {
  unexplained: 'gap',
  missed: 'missed',
  skipped: 'skipped',
  pending: 'pending',
} as const;

function describe(group: TickGroup): PackProblem {
  const { schedule, state, first, last, count } = group;
  const iso = (at: number) => new Date(at).toISOString();
  const when = count === 1 ? iso(first) : `${count} times from ${iso(first)} to ${iso(last)}`;
  const message = `a sweep was due ${when}, and ${describeUnheld(group)}`;
  return incomplete(codes[state], `schedule ${schedule}`, message);
}

function describeUncovered({ from, to, because }: Uncovered): PackProblem {
  const message = `${from.toISOString()} to ${to.toISOString()} is not covered: ${whyUncovered[because]}`;
  return incomplete('not-covered', 'period', message);
}
