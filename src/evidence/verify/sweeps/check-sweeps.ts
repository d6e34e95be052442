import type { SweepChanges } from '../../changes.ts';
import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { isWithin, type Period } from '../../period.ts';
import { type ClosedSweepLeaf, instantOf, listSweeps } from '../../sweeps/closed-sweeps.ts';
import type { PackProblem } from '../problem.ts';
import { checkPrunings } from './check-prunings.ts';
import { checkSweep, type ObjectSources } from './check-sweep.ts';
import { tellAbsent, tellRemoved } from './tell-absent.ts';

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
    if (checked.changes !== undefined) changes.set(sweep.n, checked.changes);
    if (checked.policy !== undefined) policies.set(checked.policy.hash, checked.policy.text);
    const leaf = pruned.get(sweep.event.sweep);
    const absences = explainAbsent(checked.absent, sweep, leaf, asked);
    for (const problem of [...checked.problems, ...absences]) problems.push(problem);
    if (isHopeless(problems)) break;
  }
  return { problems, changes, policies };
}

/** Nobody reads more, and a hostile pack may have any number of them. */
const mostTampered = 100_000;

function isHopeless(problems: readonly PackProblem[]): boolean {
  return (
    problems.length > mostTampered &&
    problems.filter(({ exit }) => exit === 1).length > mostTampered
  );
}

/** `pruned`: the leaf that says that the evidence of the sweep was removed. */
function explainAbsent(
  names: readonly string[],
  sweep: ClosedSweepLeaf,
  pruned: number | undefined,
  asked: Period,
): readonly PackProblem[] {
  if (pruned === undefined) return names.map((name) => tellAbsent(name, sweep));
  const isAsked = names.length > 0 && isWithin(asked, instantOf(sweep));
  return isAsked ? [tellRemoved(sweep, pruned)] : [];
}
