import type { FindingState } from '../../evaluate/history/transition.ts';
import type { EventKind } from './event-kinds.ts';

interface Withdrawable {
  readonly findingRow: number;
  readonly kind: EventKind;
  readonly was: FindingState | null;
}

export interface Withdrawal<E> {
  /** Events that are not alerted, because their findings have returned to their earlier state. */
  readonly withdrawn: readonly E[];
  /** The other events, in order. */
  readonly kept: readonly E[];
  /** How many findings the withdrawn events belong to. */
  readonly findings: number;
}

const after: Readonly<Record<EventKind, FindingState>> = {
  opened: 'open',
  reopened: 'open',
  lapsed: 'open',
  reminder: 'open',
  resolved: 'resolved',
  waived: 'waived',
};

/**
 * Finds the held changes that went back: all events of each finding that ends in its earlier state.
 * A new finding counts as resolved before.
 */
export function planWithdrawal<E extends Withdrawable>(events: readonly E[]): Withdrawal<E> {
  const first = new Map<number, FindingState>();
  const last = new Map<number, FindingState>();
  for (const { findingRow, was, kind } of events) {
    if (!first.has(findingRow)) first.set(findingRow, was ?? 'resolved');
    last.set(findingRow, after[kind]);
  }
  const isBack = ({ findingRow }: E) => first.get(findingRow) === last.get(findingRow);
  const withdrawn = events.filter(isBack);
  return {
    withdrawn,
    kept: events.filter((event) => !isBack(event)),
    findings: new Set(withdrawn.map(({ findingRow }) => findingRow)).size,
  };
}
