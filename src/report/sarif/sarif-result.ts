import { lastDay } from '../last-day.ts';
import type { ReportRule, ReportViolation, ReportWaiver } from '../model.ts';
import { markFirstSeen } from '../simulated.ts';
import { sarifLocation } from './sarif-location.ts';
import { levels } from './sarif-rule.ts';
import { sarifText } from './sarif-text.ts';

/** What results refer to. `artifact`: a file path relative to the repository, with slashes. */
export interface ResultContext {
  readonly artifact: string;
  readonly rules: readonly ReportRule[];
  readonly waivers: ReadonlyMap<string, ReportWaiver>;
}

/** Renders a violation as a `result`. A waived one is suppressed, with the waiver's details. */
export function createSarifResult({ artifact, rules, waivers }: ResultContext) {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return (violation: ReportViolation): object => {
    const { rule, severity, message, fingerprint, keyId, keyName, owner } = violation;
    const ruleIndex = indexes.get(rule);
    const name = keyName ? ` (${sarifText(keyName)})` : '';
    const words = sarifText(message);
    return {
      ruleId: rule,
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      level: levels[severity],
      message: { text: `Key ${sarifText(keyId)}${name}: ${words}` },
      locations: [sarifLocation(artifact, violation)],
      // GitHub matches results by the first fingerprint only. Without it, all results of a rule
      // would merge.
      partialFingerprints: {
        primaryLocationLineHash: fingerprint,
        'keysweepFingerprint/v1': fingerprint,
      },
      suppressions: suppressionsOf(violation, waivers),
      properties: {
        ...{ source: violation.source, keyId, owner, severity, facts: violation.facts },
        firstSeen: violation.firstSeen,
        ...markFirstSeen(violation.firstSeenSimulated === true),
      },
    };
  };
}

function suppressionsOf(
  { status, waiver: id }: ReportViolation,
  waivers: ReadonlyMap<string, ReportWaiver>,
): readonly object[] {
  if (status === 'open') return [];
  const waiver = waivers.get(id ?? '');
  const kept = { kind: 'external', status: 'accepted' };
  if (waiver === undefined) return [{ ...kept, properties: { waiver: id } }];
  const { reason, requestedBy, approvedBy } = waiver;
  const properties = { waiver: id, requestedBy, approvedBy, lastDay: lastDay(waiver) };
  return [{ ...kept, justification: reason, properties }];
}
