import type { LogEvent } from '../../leaves/events.ts';
import type { NumberedLeaf } from '../../leaves/numbered-leaf.ts';
import { leafPlace, type PackProblem, tampered } from '../problem.ts';

export interface PruningsChecked {
  readonly problems: readonly PackProblem[];
  /** By the id of a sweep whose evidence was rightly removed: the leaf that says so. */
  readonly pruned: ReadonlyMap<string, number>;
}

/** What the log knows when it comes to a leaf. */
interface Known {
  retentionMs: number | undefined;
  /** By the id of a sweep. */
  readonly closed: Map<
    string,
    { readonly manifest: string | undefined; readonly closedAt: number }
  >;
}

/**
 * Each removal of evidence must name a sweep of the log with its manifest, and be no younger than
 * the retention that the log had then.
 */
export function checkPrunings(leaves: readonly NumberedLeaf[]): PruningsChecked {
  const known: Known = { retentionMs: undefined, closed: new Map() };
  const pruned = new Map<string, number>();
  const problems: PackProblem[] = [];
  for (const leaf of leaves) {
    const { event } = leaf;
    if (event.event !== 'evidence-pruned') {
      learn(known, leaf);
      continue;
    }
    for (const one of event.sweeps) {
      const problem = checkOne(one, known, leaf);
      if (problem === undefined) pruned.set(one.sweep, leaf.n);
      else problems.push(problem);
    }
  }
  return { problems, pruned };
}

function learn(known: Known, { event, subjects }: NumberedLeaf): void {
  if (event.event === 'retention-set') known.retentionMs = event.retentionMs;
  if (event.event !== 'sweep-closed') return;
  const closedAt = Date.parse(event.closedAt);
  known.closed.set(event.sweep, { manifest: subjects.evidence, closedAt });
}

type PrunedSweep = Extract<LogEvent, { event: 'evidence-pruned' }>['sweeps'][number];

function checkOne(
  { sweep, manifest }: PrunedSweep,
  { retentionMs, closed }: Known,
  { n, at }: Pick<NumberedLeaf, 'n' | 'at'>,
): PackProblem | undefined {
  const place = leafPlace(n);
  const found = closed.get(sweep);
  if (found === undefined || found.manifest !== manifest) {
    const message = `it removes the evidence of sweep ${sweep}, which the log does not know so`;
    return tampered('wrong-pruning', place, message);
  }
  const isOld = retentionMs !== undefined && at.getTime() - found.closedAt >= retentionMs;
  if (isOld) return undefined;
  const terms = retentionMs === undefined ? 'none was set' : `${days(retentionMs)} days`;
  const message = `the evidence of sweep ${sweep} was removed ${days(at.getTime() - found.closedAt)} days after it closed, sooner than the retention then in force: ${terms}`;
  return tampered('pruned-early', place, message);
}

function days(ms: number): string {
  return String(Math.floor((ms / 86_400_000) * 100) / 100);
}
