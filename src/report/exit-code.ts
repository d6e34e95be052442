import type { Severity } from '../evaluate/policy/policy.ts';
import { isAtLeast } from '../evaluate/policy/severity.ts';
import { type Coverage, isComplete } from '../keys/coverage.ts';
import type { ReportViolation } from './model.ts';

/** What the exit code of `sweep`, `audit` and `report` depends on. */
export interface ExitInput {
  readonly coverage: Coverage;
  /** The highest severity of the open violations, or null if there are none. */
  readonly worst: Severity | null;
  readonly failOn: Severity;
}

/** 1: a violation at or above `failOn` is open; else 3: at least one rule is unknown; else 0. */
export function exitCode({ coverage, worst, failOn }: ExitInput): 0 | 1 | 3 {
  if (worst !== null && isAtLeast(worst, failOn)) return 1;
  return isComplete(coverage) ? 0 : 3;
}

/** The highest severity in a report, or null. The report lists its gravest violations first. */
export async function worstSeverity(
  violations: AsyncIterable<Pick<ReportViolation, 'severity' | 'status'>>,
): Promise<Severity | null> {
  for await (const { severity, status } of violations) {
    if (status === 'open') return severity;
  }
  return null;
}
