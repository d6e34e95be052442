import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { objectPath } from '../../pack-files/pack-paths.ts';
import { isWithin, type Period } from '../../period.ts';
import { type PackProblem, tampered } from '../problem.ts';
import type { PackObjects } from './pack-objects.ts';

/**
 * Reads the objects of leaves that close no sweep, such as the decisions of a review. Those of the
 * period must be there. A policy or an inventory is there for its sweeps.
 */
export async function checkOthers(
  leaves: readonly NumberedLeaf[],
  packed: Period,
  objects: PackObjects,
): Promise<PackProblem[]> {
  const problems: PackProblem[] = [];
  for (const { n, at, event, subjects } of leaves) {
    if (event.event === 'sweep-closed') continue;
    const { policy: _policy, inventory: _inventory, ...own } = subjects;
    for (const sha256 of Object.values(own)) {
      const read = await objects.read(sha256);
      if (read !== 'absent' || !isWithin(packed, at)) continue;
      const message = `leaf ${n} refers to this object, and the pack lacks it`;
      problems.push(tampered('object-missing', objectPath(sha256), message));
    }
  }
  return problems;
}
