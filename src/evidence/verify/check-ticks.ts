import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { describeUnheld, whyUncovered } from '../ticks/describe-unheld.ts';
import type { LateClosing } from '../ticks/find-late-closing.ts';
import { judgeTicks, type TickCounts, type TickGroup } from '../ticks/judge-ticks.ts';
import type { UnreadableTerms } from '../ticks/list-due.ts';
import type { Uncovered } from '../ticks/list-uncovered.ts';
import { incomplete, leafPlace, type PackProblem } from './problem.ts';

export interface TicksChecked {
  readonly problems: readonly PackProblem[];
  readonly counts: TickCounts;
}

/**
 * Names what was due in the period and was not done in time, or of which the log says nothing.
 * `witnessed`: leaves of which witnesses say when they were there, so that their own times do not
 * count.
 */
export function checkTicks(
  leaves: readonly NumberedLeaf[],
  period: Period,
  witnessed: ReadonlySet<number>,
): TicksChecked {
  const { counts, unheld, late, uncovered, unreadable } = judgeTicks(leaves, period);
  const problems = [
    ...unreadable.map(describeTerms),
    ...unheld.flatMap(describe),
    ...late.filter(({ leaf }) => !witnessed.has(leaf)).map(describeLate),
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

function describe(group: TickGroup): PackProblem[] {
  const { schedule, state, first, last, count } = group;
  // Each of these has a leaf, and is named by itself.
  if (state === 'late') return [];
  const iso = (at: number) => new Date(at).toISOString();
  const when = count === 1 ? iso(first) : `${count} times from ${iso(first)} to ${iso(last)}`;
  const message = `a sweep was due ${when}, and ${describeUnheld(group)}`;
  return [incomplete(codes[state], `schedule ${schedule}`, message)];
}

function describeLate({ leaf, sweep, due, deadline, writtenAt }: LateClosing): PackProblem {
  const message = `sweep ${sweep} was due ${due.toISOString()} and had to be closed by ${deadline.toISOString()}, and its leaf was written at ${writtenAt.toISOString()}, over an hour after that`;
  return incomplete('late-closing', leafPlace(leaf), message);
}

function describeUncovered({ from, to, because }: Uncovered): PackProblem {
  const message = `${from.toISOString()} to ${to.toISOString()} is not covered: ${whyUncovered[because]}`;
  return incomplete('not-covered', 'period', message);
}
