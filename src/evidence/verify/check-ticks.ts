import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { judgeTicks, type TickCounts, type TickGroup } from '../ticks/judge-ticks.ts';
import type { ScheduleTerms } from '../ticks/list-terms.ts';
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

function describeTerms({ n, schedule, cron, timezone }: ScheduleTerms): PackProblem {
  const message = `when schedule ${schedule} was due is not known: ${JSON.stringify(cron)} in ${timezone} cannot be read`;
  return incomplete('unreadable-schedule', leafPlace(n), message);
}

const words: Readonly<
  Record<TickGroup['state'], readonly ['gap' | 'missed' | 'skipped' | 'pending', string]>
> = {
  unexplained: ['gap', 'the log has neither a sweep nor a reason'],
  missed: ['missed', 'the log says that this was missed'],
  skipped: ['skipped', 'the log says that the sweep before was still open'],
  pending: ['pending', 'the log ends before the sweep had to be closed'],
};

function describe({ schedule, state, first, last, count }: TickGroup): PackProblem {
  const [code, what] = words[state];
  const iso = (at: number) => new Date(at).toISOString();
  const when = count === 1 ? iso(first) : `${count} times from ${iso(first)} to ${iso(last)}`;
  return incomplete(code, `schedule ${schedule}`, `a sweep was due ${when}, and ${what}`);
}

const whyUncovered = {
  'no-schedule': 'the log had no schedule then',
  'log-ends': 'the log ends before',
  'log-empty': 'the log has no leaf',
} as const;

function describeUncovered({ from, to, because }: Uncovered): PackProblem {
  const message = `${from.toISOString()} to ${to.toISOString()} is not covered: ${whyUncovered[because]}`;
  return incomplete('not-covered', 'period', message);
}
