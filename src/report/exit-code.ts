import type { Severity } from '../evaluate/policy/policy.ts';
import { isAtLeast } from '../evaluate/policy/severity.ts';
import { type Coverage, isComplete } from '../keys/coverage.ts';
import type { ReportViolation } from './model.ts';

/** What the exit code of `sweep`, `audit` and `report` rests on. */
export interface ExitInput {
  readonly coverage: Coverage;
  /** The gravest unwaived violation of the sweep, or null when there is none. */
  readonly worst: Severity | null;
  readonly failOn: Severity;
}

/** 1: something at or above `failOn` is open; else 3: something is unknown, if one rule; else 0. */
export function exitCode({ coverage, worst, failOn }: ExitInput): 0 | 1 | 3 {
  if (worst !== null && isAtLeast(worst, failOn)) return 1;
  return isComplete(coverage) ? 0 : 3;
}

/** The gravest unwaived violation of a report, whose violations come gravest first; else null. */
export async function worstSeverity(
  violations: AsyncIterable<Pick<ReportViolation, 'severity' | 'status'>>,
): Promise<Severity | null> {
  for await (const { severity, status } of violations) {
    if (status === 'open') return severity;
  }
  return null;
}
