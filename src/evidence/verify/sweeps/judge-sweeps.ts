import { incomplete, leafPlace, type PackProblem } from '../problem.ts';
import type { ClosedSweepLeaf } from './check-sweep.ts';

/** The sweeps of the period in numbers. */
export interface SweepTotals {
  readonly count: number;
  readonly complete: number;
  readonly incomplete: number;
  /** The full sweep that judged the smallest part of its keys. */
  readonly least: LeastCoverage | undefined;
}

export interface LeastCoverage {
  readonly sweep: string;
  readonly leaf: number;
  readonly audited: number;
  readonly tracked: number;
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
      least: findLeast(full),
    },
  };
}

function describe({ n, event }: ClosedSweepLeaf): PackProblem {
  const { tracked, unknown, partial } = event.coverage;
  const rest = partial === 0 ? '' : `, and ${partial} only in part`;
  const message = `sweep ${event.sweep} could not judge ${unknown} of its ${tracked} keys${rest}`;
  return incomplete('incomplete-sweep', leafPlace(n), message);
}

function findLeast(full: readonly ClosedSweepLeaf[]): LeastCoverage | undefined {
  let least: LeastCoverage | undefined;
  for (const { n, event } of full) {
    const { audited, tracked } = event.coverage;
    // Compares fractions without a division: a sweep may have no keys.
    if (least !== undefined && audited * least.tracked >= least.audited * tracked) continue;
    least = { sweep: event.sweep, leaf: n, audited, tracked };
  }
  return least;
}
