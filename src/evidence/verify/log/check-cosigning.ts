import type { Quorum } from '../../log/log-policy.ts';
import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import type { ScheduleTerms } from '../../ticks/list-terms.ts';
import { incomplete, leafPlace, type PackProblem } from '../problem.ts';
import type { SignedCheckpoint } from './check-signatures.ts';

const hourMs = 3_600_000;

export interface CosigningInput {
  readonly sweeps: readonly ClosedSweepLeaf[];
  /** Of all schedules of the log, in the order of their leaves. */
  readonly terms: readonly ScheduleTerms[];
  readonly checkpoints: readonly SignedCheckpoint[];
  readonly quorum: Quorum;
}

/**
 * Each sweep must be witnessed within an hour of its deadline: what was cosigned later could have
 * been written later. Without a quorum nothing is asked.
 */
export function checkCosigning(input: CosigningInput): PackProblem[] {
  const { sweeps, terms, checkpoints, quorum } = input;
  if (quorum.kind === 'none') return [];
  const firstMet = listFirstMet(checkpoints);
  const termsOf = indexTerms(terms);
  return sweeps.flatMap((sweep) => {
    const first = firstMet.find(({ size }) => size > sweep.n)?.atMs;
    return checkOne(sweep, deadlineOf(sweep, termsOf), first);
  });
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

/**
 * The deadline that the leaf names, and none after what its schedule allows: whoever writes the leaf
 * of a past tick could name any.
 */
function deadlineOf({ event }: ClosedSweepLeaf, termsOf: TermsOf): Date {
  const { schedule, dueAt, deadlineAt } = event;
  const said = new Date(deadlineAt);
  if (schedule === null || dueAt === null) return said;
  const due = new Date(dueAt);
  const terms = termsOf(schedule, due);
  if (terms === undefined) return said;
  return new Date(Math.min(said.getTime(), due.getTime() + terms.longestMs));
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
  if (first <= deadline.getTime() + hourMs) return [];
  const message = `sweep ${sweep} was cosigned first at ${new Date(first).toISOString()}, over an hour after its deadline, ${deadline.toISOString()}`;
  return [incomplete('late-cosignature', place, message)];
}
