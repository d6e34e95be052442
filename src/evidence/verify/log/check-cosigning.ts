import type { Quorum } from '../../log/log-policy.ts';
import { incomplete, leafPlace, type PackProblem } from '../problem.ts';
import type { SignedCheckpoint } from './check-signatures.ts';

const hourMs = 3_600_000;

/** A closed sweep, as far as witnesses matter. */
export interface WitnessedSweep {
  readonly n: number;
  readonly sweep: string;
  readonly deadlineAt: Date;
}

/**
 * Each sweep must be witnessed within an hour of its deadline: what was cosigned later could have
 * been written later. Without a quorum nothing is asked.
 */
export function checkCosigning(
  sweeps: readonly WitnessedSweep[],
  checkpoints: readonly SignedCheckpoint[],
  quorum: Quorum,
): PackProblem[] {
  if (quorum.kind === 'none') return [];
  const firstMet = listFirstMet(checkpoints);
  return sweeps.flatMap((sweep) => {
    const first = firstMet.find(({ size }) => size > sweep.n)?.atMs;
    return checkOne(sweep, first);
  });
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
  { n, sweep, deadlineAt }: WitnessedSweep,
  first: number | undefined,
): PackProblem[] {
  const place = leafPlace(n);
  if (first === undefined) {
    const message = `no checkpoint with sweep ${sweep} was cosigned by enough witnesses`;
    return [incomplete('below-quorum', place, message)];
  }
  if (first <= deadlineAt.getTime() + hourMs) return [];
  const message = `sweep ${sweep} was cosigned first at ${new Date(first).toISOString()}, over an hour after its deadline, ${deadlineAt.toISOString()}`;
  return [incomplete('late-cosignature', place, message)];
}
