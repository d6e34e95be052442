import { renderCount } from '../../../text/render-count.ts';
import type { SweepsSummary } from '../summary.ts';

/** What is missing because the evidence of sweeps is gone, for people. */
export function describeRemoved(removed: SweepsSummary['removed']): string {
  const sweeps = renderCount(removed.length, 'sweep');
  return `The evidence does not have any more what ${sweeps} changed of findings, as after the retention. What they opened and closed is neither counted nor listed.`;
}
