import type { ClosedSweepLeaf } from '../../sweeps/closed-sweeps.ts';
import { findLeastCoverage, type LeastCoverage } from '../../sweeps/least-coverage.ts';
import { incomplete, leafPlace, type PackProblem } from '../problem.ts';

/** The sweeps of the period in numbers. */
export interface SweepTotals {
  readonly count: number;
  readonly complete: number;
  readonly incomplete: number;
  readonly least: LeastCoverage | undefined;
}

export interface SweepsJudged {
  readonly problems: readonly PackProblem[];
  readonly facts: SweepTotals;
}

/** What the sweeps of the period leave open: keys that were not judged, or no sweep at all. */
export function judgeSweeps(sweeps: readonly ClosedSweepLeaf[]): SweepsJudged {
  const partial = sweeps.filter(({ event }) => event.status === 'incomplete');
  const full = sweeps.filter(({ event }) => event.scope === 'full');
  const none = incomplete('no-sweep', 'period', 'no full sweep is in the period');
  return {
    problems: [...partial.map(describe), ...(full.length === 0 ? [none] : [])],
    facts: {
      count: sweeps.length,
      complete: sweeps.length - partial.length,
      incomplete: partial.length,
      least: findLeastCoverage(full),
    },
  };
}

function describe({ n, event }: ClosedSweepLeaf): PackProblem {
  const { tracked, unknown, partial } = event.coverage;
  const rest = partial === 0 ? '' : `, and ${partial} only in part`;
  const message = `sweep ${event.sweep} could not judge ${unknown} of its ${tracked} keys${rest}`;
  return incomplete('incomplete-sweep', leafPlace(n), message);
}
