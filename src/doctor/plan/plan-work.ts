import type { StoreFacts } from '../../record/reads/read-store-facts.ts';
import { renderCount } from '../../text/render-count.ts';
import { type Line, warning, well } from '../line.ts';

type Work = Pick<StoreFacts, 'orphanedBatches' | 'orphanedAlerts' | 'lateSweeps'>;

const start = 'run keysweep start: a worker takes them within a minute';

/** Judges work whose worker is gone, and sweeps that nobody closes. */
export function planWork({ orphanedBatches, orphanedAlerts, lateSweeps }: Work): readonly Line[] {
  const orphans = [
    ...(orphanedBatches > 0 ? [renderCount(orphanedBatches, 'batch', 'batches')] : []),
    ...(orphanedAlerts > 0 ? [renderCount(orphanedAlerts, 'alert')] : []),
  ];
  const leases =
    orphans.length === 0
      ? well('leases', 'no work whose worker is gone')
      : warning('leases', `the worker is gone of ${orphans.join(' and ')}`, start);
  const late = renderCount(lateSweeps, 'open sweep is', 'open sweeps are');
  const deadlines =
    lateSweeps === 0
      ? well('deadlines', 'no open sweep is past its deadline')
      : warning('deadlines', `${late} past the deadline`, 'run keysweep start: it closes them');
  return [leases, deadlines];
}
