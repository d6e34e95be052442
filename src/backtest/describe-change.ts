import type { ChangedUnknown, ChangedViolation } from '../report/backtest/backtest-model.ts';
import { describeUnknown } from '../report/describe-unknown.ts';
import { describeViolation } from '../report/describe-violation.ts';
import type { Change } from './plan-changes.ts';
import type { Evidence } from './read-evidence.ts';
import type { KeptSweep } from './read-sweeps.ts';

/** Everything that is printed about a change. */
export function describeChange(
  change: Change,
  { key, observation }: Evidence,
  sweep: KeptSweep,
): ChangedViolation | ChangedUnknown {
  const { was, would } = change;
  const { source, keyId, owner } = key;
  const seen = { was, would, sweep: sweep.report.id, asOf: sweep.openedAt };
  if (change.kind === 'unknown') {
    return { ...describeUnknown(source, keyId, change.unjudged), ...seen };
  }
  const keyName = observation.kind === 'present' ? observation.details.name : undefined;
  const { violation, rule } = change;
  const { openedAt: firstSeen } = sweep;
  const about = { violation, rule, source, keyId, keyName, owner, firstSeen };
  return { ...describeViolation(about), ...seen };
}
