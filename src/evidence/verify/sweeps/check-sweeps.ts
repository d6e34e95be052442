import type { SweepChanges } from '../../changes.ts';
import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { objectPath } from '../../pack-files/pack-paths.ts';
import { isWithin, type Period } from '../../period.ts';
import { type ClosedSweepLeaf, instantOf, listSweeps } from '../../sweeps/closed-sweeps.ts';
import { incomplete, leafPlace, type PackProblem, tampered } from '../problem.ts';
import { checkPrunings } from './check-prunings.ts';
import { checkSweep, type ObjectSources } from './check-sweep.ts';

export interface SweepsInput {
  readonly leaves: readonly NumberedLeaf[];
  /** The pack has the objects of these sweeps. */
  readonly packed: Period;
  /** And the auditor asks for these. */
  readonly asked: Period;
}

export interface SweepsChecked {
  readonly problems: readonly PackProblem[];
  /** By the leaf of each sweep whose objects are in the pack: what it changed of findings. */
  readonly changes: ReadonlyMap<number, SweepChanges>;
  /** The text of each policy of these sweeps, by the name of its object. */
  readonly policies: ReadonlyMap<string, string>;
}

/**
 * Recomputes every sweep of the pack, and asks of each object that is absent whether it was rightly
 * removed because of its age.
 */
export async function checkSweeps(
  { leaves, packed, asked }: SweepsInput,
  sources: ObjectSources,
): Promise<SweepsChecked> {
  const { problems: ofPrunings, pruned } = checkPrunings(leaves);
  const problems: PackProblem[] = [...ofPrunings];
  const changes = new Map<number, SweepChanges>();
  const policies = new Map<string, string>();
  for (const sweep of listSweeps(leaves, packed)) {
    const checked = await checkSweep(sweep, sources);
    for (const problem of checked.problems) problems.push(problem);
    if (checked.changes !== undefined) changes.set(sweep.n, checked.changes);
    if (checked.policy !== undefined) policies.set(checked.policy.hash, checked.policy.text);
    const leaf = pruned.get(sweep.event.sweep);
    const absences = explainAbsent(checked.absent, sweep, leaf, asked);
    for (const problem of absences) problems.push(problem);
  }
  return { problems, changes, policies };
}

/** `pruned`: the leaf that says that the evidence of the sweep was removed. */
function explainAbsent(
  names: readonly string[],
  sweep: ClosedSweepLeaf,
  pruned: number | undefined,
  asked: Period,
): readonly PackProblem[] {
  if (pruned === undefined) return names.map((name) => absent(name, sweep));
  const isAsked = names.length > 0 && isWithin(asked, instantOf(sweep));
  return isAsked ? [removed(sweep, pruned)] : [];
}

function absent(sha256: string, { n, event }: ClosedSweepLeaf): PackProblem {
  const message = `sweep ${event.sweep} of leaf ${n} refers to this object, and the pack lacks it`;
  return tampered('object-missing', objectPath(sha256), message);
}

function removed({ n, event }: ClosedSweepLeaf, leaf: number): PackProblem {
  const message = `the evidence of sweep ${event.sweep} was removed because of its age, as leaf ${leaf} says`;
  return incomplete('pruned', leafPlace(n), message);
}
