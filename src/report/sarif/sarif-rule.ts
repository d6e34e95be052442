import type { Severity } from '../../evaluate/policy/policy.ts';
import { remedies } from '../../evaluate/remedies.ts';
import type { ReportRule } from '../model.ts';
import { whatRuleFinds } from './what-rule-finds.ts';

/** The SARIF level for each severity. */
export const levels = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
} as const satisfies Record<Severity, string>;

/**
 * The middle of the score band that GitHub code scanning shows under the same word. An `info` rule
 * has no score, so GitHub shows it by its level.
 */
const scores: { readonly [S in Severity]: string | undefined } = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: undefined,
};

/** GitHub refuses a file in which a rule has more tags; `controls` has the full list. */
const mostTags = 20;

/** Renders a rule of the policy as a `reportingDescriptor`. */
export function sarifRule({ id, type, severity, controls }: ReportRule): object {
  const finds = whatRuleFinds[type];
  const remedy = remedies[type];
  const score = scores[severity];
  return {
    id,
    name: type,
    shortDescription: { text: finds },
    fullDescription: { text: `${finds} ${remedy}` },
    help: {
      text: `${finds} ${remedy}`,
      markdown: `**Finds.** ${finds}\n\n**How to mend it.** ${remedy}\n\nRule type \`${type}\`; \`keysweep policy explain ${type}\` says more.`,
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      ...(score === undefined ? {} : { 'security-severity': score }),
      severity,
      controls,
      tags: ['security', ...controls].slice(0, mostTags),
    },
  };
}
