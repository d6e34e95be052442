import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import type { PackInfo } from '../../pack-files/pack-info.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';

/** What must hold between leaves: their times, which comes first, and what may be there once. */
export function checkOrder(
  leaves: readonly NumberedLeaf[],
  { installation }: Pick<PackInfo, 'installation'>,
): PackProblem[] {
  return [...checkTimes(leaves), ...checkBeginning(leaves, installation), ...checkDoubles(leaves)];
}

function checkTimes(leaves: readonly NumberedLeaf[]): PackProblem[] {
  return leaves.flatMap(({ n, at, event }, index) => {
    const before = leaves[index - 1];
    if (before === undefined || at >= before.at) return [];
    const message = `its time, ${event.at}, is before that of leaf ${before.n}, ${before.event.at}`;
    return [tampered('time-goes-back', leafPlace(n), message)];
  });
}

function checkBeginning(leaves: readonly NumberedLeaf[], installation: string): PackProblem[] {
  return leaves.flatMap(({ n, event }) => {
    const isFirst = n === 0;
    if (event.event !== 'log-created') {
      const message = 'the log does not begin with log-created';
      return isFirst ? [tampered('leaf-out-of-place', leafPlace(n), message)] : [];
    }
    if (!isFirst) {
      const message = 'a log is created once, by its first leaf';
      return [tampered('leaf-out-of-place', leafPlace(n), message)];
    }
    if (event.installation === installation) return [];
    const message = `the log is of the installation ${event.installation}, and the pack is of ${installation}`;
    return [tampered('other-log', leafPlace(n), message)];
  });
}

function checkDoubles(leaves: readonly NumberedLeaf[]): PackProblem[] {
  const first = new Map<string, number>();
  return leaves.flatMap(({ n, event }) => {
    if (event.event !== 'sweep-closed') return [];
    const before = first.get(event.sweep);
    if (before === undefined) {
      first.set(event.sweep, n);
      return [];
    }
    const message = `sweep ${event.sweep} was closed by leaf ${before} already`;
    return [tampered('doubled-sweep', leafPlace(n), message)];
  });
}
