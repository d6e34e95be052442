import type { AnomalyConfig } from '../../alert/alerts-config.ts';
import { type Anomaly, isAnomalous, type KeyChangeCounts } from '../../alert/plan/plan-anomaly.ts';
import type { EarlierSweep } from './read-changes.ts';

/** What happens to the changes of a full sweep, and to those that were held before it. */
export type Holding =
  /** Alerts are sent; `confirmed`: for the changes of these held sweeps too. */
  | { readonly kind: 'alert'; readonly confirmed: readonly EarlierSweep[] }
  /** Alerts are sent, except for changes since these held sweeps that went back. */
  | { readonly kind: 'recovered'; readonly withdrawn: readonly EarlierSweep[] }
  | { readonly kind: 'hold'; readonly anomaly: Anomaly };

/** How a full sweep differs from the last one whose changes receivers know. */
export interface Difference {
  readonly anomaly: Anomaly | undefined;
  /** The comparison with the sweep that was held last; undefined while no sweep is held. */
  readonly beside: HeldComparison | undefined;
}

export interface HeldComparison {
  /** How many keys could be compared in this sweep, and how many in the held one. */
  readonly compared: number;
  readonly comparedThen: number;
  /** What changed since the held sweep. Read only if the decision depends on it. */
  readonly since: KeyChangeCounts | undefined;
}

/**
 * A sweep within the limits is alerted, and the changes held before it count as gone back. A sweep
 * above the limits is held, unless the sweep held last saw the same changes. If this sweep could
 * compare too few keys, held changes go on waiting. `difference`: undefined if `anomaly` is not
 * configured or there is no earlier sweep to compare with.
 */
export function planHolding(
  held: readonly EarlierSweep[],
  difference: Difference | undefined,
  config: AnomalyConfig | undefined,
): Holding {
  if (config === undefined || difference === undefined) return { kind: 'alert', confirmed: held };
  const { anomaly, beside } = difference;
  if (beside === undefined || !comparesEnough(beside)) {
    return anomaly === undefined ? { kind: 'alert', confirmed: [] } : { kind: 'hold', anomaly };
  }
  if (anomaly === undefined) return { kind: 'recovered', withdrawn: held };
  const { since } = beside;
  const differs = since === undefined || isAnomalous(since, config);
  return differs ? { kind: 'hold', anomaly } : { kind: 'alert', confirmed: held };
}

/**
 * Whether a sweep compared enough keys to confirm or withdraw a held one: at least half as many as
 * that one. In an outage nothing seems to change, so such a sweep must decide nothing.
 */
export function comparesEnough({
  compared,
  comparedThen,
}: Pick<HeldComparison, 'compared' | 'comparedThen'>): boolean {
  return compared * 2 >= comparedThen;
}
