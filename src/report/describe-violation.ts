import type { Violation } from '../evaluate/judgement.ts';
import { messageOf } from '../evaluate/messages.ts';
import type { PolicyRule } from '../evaluate/policy/policy.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import type { ReportViolation } from './model.ts';
import { type FirstSeenMark, markFirstSeen } from './simulated.ts';

/** The stored violation, its rule and its key. */
export interface DescribeInput extends FirstSeenMark {
  readonly violation: Violation;
  readonly rule: PolicyRule;
  readonly source: string;
  readonly keyId: string;
  readonly keyName: string | undefined;
  readonly owner: string | null;
  readonly firstSeen: Date;
}

/** Describes a violation. Severity and controls come from the policy's rule. */
export function describeViolation(input: DescribeInput): ReportViolation {
  const { violation, rule, source, keyId, keyName, owner, firstSeen } = input;
  return {
    fingerprint: fingerprint(source, keyId, rule.id),
    rule: rule.id,
    type: rule.type,
    severity: rule.severity,
    status: violation.waiver === null ? 'open' : 'waived',
    source,
    keyId,
    message: messageOf(rule.type, violation.facts),
    facts: violation.facts,
    controls: rule.controls,
    waiver: violation.waiver,
    firstSeen,
    ...markFirstSeen(input.firstSeenSimulated === true),
    keyName,
    owner,
  };
}
