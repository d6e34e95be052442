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
    const one = { sweep: event.sweep, leaf: n, audited, tracked };
    if (least === undefined || partOf(one) < partOf(least)) least = one;
  }
  return least;
}

/** A sweep without keys has left none out. */
function partOf({ audited, tracked }: LeastCoverage): number {
  return tracked === 0 ? 1 : audited / tracked;
}
