import { type Severity, severities } from '../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../evaluate/policy/severity.ts';
import { isComplete } from '../../keys/coverage.ts';
import type { BacktestCounts } from './backtest-model.ts';

/**
 * 1: a violation at or above `failOn` would open; else 3: at least one rule would be unknown in one
 * of the sweeps, so a clean result is not proven; else 0. Violations that are open already do not
 * count.
 */
export function backtestExitCode({ opens, sweeps }: BacktestCounts, failOn: Severity): 0 | 1 | 3 {
  if (severities.some((one) => opens[one] > 0 && isAtLeast(one, failOn))) return 1;
  const isIncomplete = sweeps.some(({ would: { coverage } }) => !isComplete(coverage));
  return isIncomplete ? 3 : 0;
}
