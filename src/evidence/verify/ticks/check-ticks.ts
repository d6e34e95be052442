import type { NumberedLeaf } from '../log/read-leaves.ts';
import { incomplete, type PackProblem } from '../problem.ts';
import type { Period } from '../trust.ts';
import { checkCovered } from './check-covered.ts';
import { type ExplainedTick, explainTicks, listMissed, type ToldOutcome } from './explain-ticks.ts';
import { listDue } from './list-due.ts';
import { listTerms } from './list-terms.ts';

/** How many ticks of the period were due, and what became of them. */
export interface TickCounts {
  readonly due: number;
  readonly held: number;
  readonly missed: number;
  readonly skipped: number;
  /** Of those without a word: they were due so late that their sweep may still have been open. */
  readonly pending: number;
  readonly unexplained: number;
}

export interface TicksChecked {
  readonly problems: readonly PackProblem[];
  readonly counts: TickCounts;
}

/**
 * Compares what was due in the period, by the schedules that the log had at each time, with what the
 * log says was done.
 */
export function checkTicks(leaves: readonly NumberedLeaf[], period: Period): TicksChecked {
  const [first, last] = [period.from.getTime(), period.to.getTime() - 1];
  const end = leaves.at(-1)?.at.getTime() ?? -Infinity;
  const terms = listTerms(leaves);
  // A range of missed ticks is shared out among all its ticks, also those outside the period.
  const touching = listMissed(leaves).filter((one) => one.first <= last && one.last >= first);
  const span = {
    first: Math.min(first, ...touching.map((one) => one.first)),
    last: Math.min(end, Math.max(last, ...touching.map((one) => one.last))),
  };
  const due = listDue(terms, span);
  const explained = explainTicks(due.ticks, leaves);
  const ticks = explained
    .filter(({ at }) => at >= first && at <= last)
    .map((tick) => ({ ...tick, state: stateOf(tick, end) }));
  return {
    problems: [
      ...due.problems,
      ...groupTicks(ticks).map(describe),
      ...checkCovered(terms, period, end),
    ],
    counts: countTicks(ticks),
  };
}

type TickState = ToldOutcome | 'pending';

interface JudgedTick extends ExplainedTick {
  readonly state: TickState;
}

function stateOf({ outcome, at, terms }: ExplainedTick, end: number): TickState {
  return outcome === 'unexplained' && at + terms.longestMs > end ? 'pending' : outcome;
}

/** Ticks of one schedule that follow each other, and share what became of them. */
interface TickGroup {
  readonly schedule: string;
  readonly state: Exclude<TickState, 'held'>;
  readonly first: number;
  last: number;
  count: number;
}

function groupTicks(ticks: readonly JudgedTick[]): readonly TickGroup[] {
  const groups: TickGroup[] = [];
  const open = new Map<string, TickGroup>();
  for (const { at, state, terms } of [...ticks].sort((one, other) => one.at - other.at)) {
    const { schedule } = terms;
    const before = open.get(schedule);
    if (state === 'held') open.delete(schedule);
    else if (before?.state === state) {
      before.last = at;
      before.count += 1;
    } else {
      const group = { schedule, state, first: at, last: at, count: 1 };
      groups.push(group);
      open.set(schedule, group);
    }
  }
  return groups;
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

function countTicks(ticks: readonly JudgedTick[]): TickCounts {
  const count = (state: TickState) => ticks.filter((tick) => tick.state === state).length;
  return {
    due: ticks.length,
    held: count('held'),
    missed: count('missed'),
    skipped: count('skipped'),
    pending: count('pending'),
    unexplained: count('unexplained'),
  };
}
