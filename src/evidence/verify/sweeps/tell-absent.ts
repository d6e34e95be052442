import { objectPath } from '../../pack-files/pack-paths.ts';
import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import { incomplete, leafPlace, type PackProblem, tampered } from '../problem.ts';

/** An object of a sweep that nothing explains the absence of. `sha256`: its name. */
export function tellAbsent(sha256: string, { n, event }: ClosedSweepLeaf): PackProblem {
  const message = `sweep ${event.sweep} of leaf ${n} refers to this object, and the pack lacks it`;
  return tampered('object-missing', objectPath(sha256), message);
}

/** `leaf`: that which says that the evidence of the sweep was removed. */
export function tellRemoved({ n, event }: ClosedSweepLeaf, leaf: number): PackProblem {
  const message = `the evidence of sweep ${event.sweep} was removed because of its age, as leaf ${leaf} says`;
  return incomplete('pruned', leafPlace(n), message);
}
