import type { ClosedSweepLeaf } from './closed-sweeps.ts';

/** The full sweep that judged the smallest part of its keys. */
export interface LeastCoverage {
  readonly sweep: string;
  readonly leaf: number;
  readonly audited: number;
  readonly tracked: number;
}

/** Undefined where none of the sweeps is full. */
export function findLeastCoverage(sweeps: readonly ClosedSweepLeaf[]): LeastCoverage | undefined {
  let least: LeastCoverage | undefined;
  for (const { n, event } of sweeps) {
    if (event.scope !== 'full') continue;
    const { audited, tracked } = event.coverage;
    // Compares fractions without a division: a sweep may have no keys.
    if (least !== undefined && audited * least.tracked >= least.audited * tracked) continue;
    least = { sweep: event.sweep, leaf: n, audited, tracked };
  }
  return least;
}
