import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { type ExplainedTick, explainTicks, listMissed, type ToldOutcome } from './explain-ticks.ts';
import type { LateClosing } from './find-late-closing.ts';
import { listDue, type UnreadableTerms } from './list-due.ts';
import { listTerms } from './list-terms.ts';
import { listUncovered, type Uncovered } from './list-uncovered.ts';

/** How many ticks of the period were due, and what became of them. */
export interface TickCounts {
  readonly due: number;
  readonly held: number;
  /** Their sweeps were closed too late: by the times of the log, they may have been made up. */
  readonly late: number;
  readonly missed: number;
  readonly skipped: number;
  /** Of those without a word: they were due so late that their sweep may still have been open. */
  readonly pending: number;
  readonly unexplained: number;
}

/** What was due in a period, and what became of it. */
export interface TicksJudged {
  readonly counts: TickCounts;
  /** Those that were not held, in the order of their first ticks. */
  readonly unheld: readonly TickGroup[];
  /** Those of `unheld` whose sweeps were closed too late. */
  readonly late: readonly LateClosing[];
  readonly uncovered: readonly Uncovered[];
  /** Schedules whose ticks this program cannot tell. */
  readonly unreadable: readonly UnreadableTerms[];
}

/**
 * Compares what was due in the period, by the schedules that the log had at each time, with what the
 * log says was done.
 */
export function judgeTicks(leaves: readonly NumberedLeaf[], period: Period): TicksJudged {
  const [first, last] = [period.from.getTime(), period.to.getTime() - 1];
  const end = leaves.at(-1)?.at.getTime() ?? -Infinity;
  const terms = listTerms(leaves);
  // A range of missed ticks is shared out among all its ticks, also those outside the period.
  const touching = listMissed(leaves).filter((one) => one.first <= last && one.last >= first);
  const span = {
    first: touching.reduce((least, one) => Math.min(least, one.first), first),
    last: Math.min(
      end,
      touching.reduce((most, one) => Math.max(most, one.last), last),
    ),
  };
  const due = listDue(terms, span);
  const explained = explainTicks(due.ticks, leaves);
  const ticks = explained
    .filter(({ at }) => at >= first && at <= last)
    .map((tick) => ({ ...tick, state: stateOf(tick, end) }));
  return {
    counts: countTicks(ticks),
    unheld: groupTicks(ticks),
    late: ticks.flatMap(({ late }) => late ?? []),
    uncovered: listUncovered(terms, period, end),
    unreadable: due.unreadable,
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
export interface TickGroup {
  readonly schedule: string;
  readonly state: Exclude<TickState, 'held'>;
  /** In milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** The leaves that say so. */
  readonly leaves: readonly number[];
}

interface GrowingGroup extends TickGroup {
  last: number;
  count: number;
  readonly leaves: number[];
}

function groupTicks(ticks: readonly JudgedTick[]): readonly TickGroup[] {
  const groups: GrowingGroup[] = [];
  const open = new Map<string, GrowingGroup>();
  for (const { at, state, leaf, terms } of [...ticks].sort((one, other) => one.at - other.at)) {
    const { schedule } = terms;
    const before = open.get(schedule);
    if (state === 'held') {
      open.delete(schedule);
      continue;
    }
    const group =
      before?.state === state
        ? before
        : { schedule, state, first: at, last: at, count: 0, leaves: [] };
    if (group !== before) groups.push(group);
    open.set(schedule, group);
    group.last = at;
    group.count += 1;
    if (leaf !== undefined && group.leaves.at(-1) !== leaf) group.leaves.push(leaf);
  }
  return groups;
}

function countTicks(ticks: readonly JudgedTick[]): TickCounts {
  const count = (state: TickState) => ticks.filter((tick) => tick.state === state).length;
  return {
    due: ticks.length,
    held: count('held'),
    late: count('late'),
    missed: count('missed'),
    skipped: count('skipped'),
    pending: count('pending'),
    unexplained: count('unexplained'),
  };
}
