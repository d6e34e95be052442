import type { Quorum } from '../../log/log-policy.ts';
import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import { isTooLate, lastDeadline } from '../../ticks/last-deadline.ts';
import type { ScheduleTerms } from '../../ticks/list-terms.ts';
import { incomplete, leafPlace, type PackProblem } from '../problem.ts';
import type { SignedCheckpoint } from './check-signatures.ts';

export interface CosigningInput {
  readonly sweeps: readonly ClosedSweepLeaf[];
  /** Of all schedules of the log, in the order of their leaves. */
  readonly terms: readonly ScheduleTerms[];
  readonly checkpoints: readonly SignedCheckpoint[];
  readonly quorum: Quorum;
}

export interface CosigningChecked {
  readonly problems: readonly PackProblem[];
  /** The leaves of sweeps that enough witnesses cosigned, in time or not. */
  readonly witnessed: ReadonlySet<number>;
}

/**
 * Each sweep must be witnessed within an hour of its deadline: what was cosigned later could have
 * been written later. Without a quorum nothing is asked.
 */
export function checkCosigning(input: CosigningInput): CosigningChecked {
  const { sweeps, terms, checkpoints, quorum } = input;
  const witnessed = new Set<number>();
  if (quorum.kind === 'none') return { problems: [], witnessed };
  const firstMet = listFirstMet(checkpoints);
  const termsOf = indexTerms(terms);
  const problems = sweeps.flatMap((sweep) => {
    const first = firstMet.find(({ size }) => size > sweep.n)?.atMs;
    if (first !== undefined) witnessed.add(sweep.n);
    return checkOne(sweep, deadlineOf(sweep, termsOf), first);
  });
  return { problems, witnessed };
}

type TermsOf = (schedule: string, due: Date) => ScheduleTerms | undefined;

/** The terms by which a tick was due. A log may have very many. */
function indexTerms(terms: readonly ScheduleTerms[]): TermsOf {
  const bySchedule = new Map<string, ScheduleTerms[]>();
  for (const one of terms) {
    const own = bySchedule.get(one.schedule);
    if (own === undefined) bySchedule.set(one.schedule, [one]);
    else own.push(one);
  }
  return (schedule, due) => {
    const own = bySchedule.get(schedule) ?? [];
    let [start, end] = [0, own.length];
    while (start < end) {
      const middle = Math.floor((start + end) / 2);
      if ((own[middle]?.after ?? due) < due) start = middle + 1;
      else end = middle;
    }
    const last = own[start - 1];
    return last?.until !== undefined && due > last.until ? undefined : last;
  };
}

function deadlineOf({ event }: ClosedSweepLeaf, termsOf: TermsOf): Date {
  const { schedule, dueAt } = event;
  const hasTick = schedule !== null && dueAt !== null;
  return lastDeadline(event, hasTick ? termsOf(schedule, new Date(dueAt)) : undefined);
}

/** By size: when a checkpoint of that size or a larger one was cosigned by enough witnesses first. */
function listFirstMet(checkpoints: readonly SignedCheckpoint[]) {
  let atMs = Infinity;
  const bySize = [...checkpoints].sort((one, other) => other.size - one.size);
  const found = bySize.flatMap(({ size, metAtSeconds }) => {
    if (metAtSeconds === undefined) return [];
    atMs = Math.min(atMs, metAtSeconds * 1_000);
    return [{ size, atMs }];
  });
  return found.reverse();
}

function checkOne(
  { n, event: { sweep } }: ClosedSweepLeaf,
  deadline: Date,
  first: number | undefined,
): PackProblem[] {
  const place = leafPlace(n);
  if (first === undefined) {
    const message = `no checkpoint with sweep ${sweep} was cosigned by enough witnesses`;
    return [incomplete('below-quorum', place, message)];
  }
  if (!isTooLate(first, deadline)) return [];
  const message = `sweep ${sweep} was cosigned first at ${new Date(first).toISOString()}, over an hour after its deadline, ${deadline.toISOString()}`;
  return [incomplete('late-cosignature', place, message)];
}
