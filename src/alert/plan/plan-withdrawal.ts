import type { FindingState } from '../../evaluate/history/transition.ts';
import type { PendingEvent } from './plan-alerts.ts';

export interface Withdrawal {
  /** Events that are not alerted, because their findings have returned to their earlier state. */
  readonly withdrawn: readonly PendingEvent[];
  /** The other events, in order. */
  readonly kept: readonly PendingEvent[];
  /** How many findings the withdrawn events belong to. */
  readonly findings: number;
}

const after: Readonly<Record<PendingEvent['kind'], FindingState>> = {
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
export function planWithdrawal(events: readonly PendingEvent[]): Withdrawal {
  const first = new Map<string, FindingState>();
  const last = new Map<string, FindingState>();
  for (const { finding, was, kind } of events) {
    if (!first.has(finding.fingerprint)) first.set(finding.fingerprint, was ?? 'resolved');
    last.set(finding.fingerprint, after[kind]);
  }
  const isBack = ({ finding: { fingerprint } }: PendingEvent) =>
    first.get(fingerprint) === last.get(fingerprint);
  const withdrawn = events.filter(isBack);
  return {
    withdrawn,
    kept: events.filter((event) => !isBack(event)),
    findings: new Set(withdrawn.map(({ finding }) => finding.fingerprint)).size,
  };
}
