import { type Severity, severities } from '../../evaluate/policy/policy.ts';
import type { AlertFinding } from '../message.ts';

const worstFirst: readonly Severity[] = [...severities].reverse();

/** The findings of each severity that occurs, the gravest first, and otherwise in their order. */
export function groupBySeverity(findings: readonly AlertFinding[]) {
  return worstFirst
    .map((severity) => [severity, findings.filter((one) => one.severity === severity)] as const)
    .filter(([, some]) => some.length > 0);
}
