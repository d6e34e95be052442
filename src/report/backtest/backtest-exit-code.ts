import { type Severity, severities } from '../../evaluate/policy/policy.ts';
import { isAtLeast } from '../../evaluate/policy/severity.ts';
import { isComplete } from '../../keys/coverage.ts';
import type { BacktestCounts } from './backtest-model.ts';

/**
 * 1: something at or above `failOn` would open; else 3: something would be unknown in one of the
 * sweeps, if one rule, so that nothing said is said of all; else 0. What is open already, and stays
 * so, is no matter of the other policy.
 */
export function backtestExitCode({ opens, sweeps }: BacktestCounts, failOn: Severity): 0 | 1 | 3 {
  if (severities.some((one) => opens[one] > 0 && isAtLeast(one, failOn))) return 1;
  const untold = sweeps.some(({ would: { coverage } }) => !isComplete(coverage));
  return untold ? 3 : 0;
}
