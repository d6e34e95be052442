import type { Policy, PolicyRule } from '../../evaluate/policy/policy.ts';
import { renderDuration } from '../../evaluate/policy/render-duration.ts';
import type { Waiver } from '../../evaluate/waivers/waiver.ts';
import { safeText } from '../safe-text.ts';

const durations = ['after', 'grace', 'dormant', 'warnBefore'];
const shown = ['id', 'type', 'severity', 'controls', 'match', 'due'];

/** As of `now`. `needsApprovals`: a waiver counts only once whoever it names has approved it. */
export interface RuleTerms {
  readonly now: Date;
  readonly needsApprovals: boolean;
}

/** Renders the settings of a policy's rule as a Markdown section, with its waivers. */
export function renderRule(
  rule: PolicyRule,
  { version, waivers }: Policy,
  terms: RuleTerms,
): string {
  const { id, type, severity, controls, match } = rule;
  const set = Object.entries(rule).filter(
    ([name, value]) => !shown.includes(name) && value !== undefined,
  );
  const parts = Object.entries(match ?? {}).filter(([, value]) => value !== undefined);
  const waived = waivers.filter((waiver) => waiver.rule === id);
  const isDue = 'due' in rule;
  const lines = [
    `a \`${type}\` rule of policy ${safeText(version)}, severity ${severity}`,
    ...(isDue
      ? [
          `the early warning of the rule ${id.replace(/\.due$/, '')}: it fails while the limit is near and not reached`,
        ]
      : []),
    ...set.map(([name, value]) => `\`${name}\`: ${renderValue(name, value)}`),
    parts.length === 0
      ? 'applies to every key'
      : `applies to keys whose ${parts.map(([name, value]) => `${name} is ${oneOf(value)}`).join(', and whose ')}`,
    controls.length === 0 ? 'names no controls' : `controls: ${controls.map(safeText).join('; ')}`,
    ...waived.map((waiver) => renderWaiver(waiver, terms)),
  ];
  return `# The rule ${id}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

/** A waiver holds until just before `expires`. */
function renderWaiver(
  { id, expires, reason, approvedBy }: Waiver,
  { now, needsApprovals }: RuleTerms,
): string {
  const lastDay = new Date(expires.getTime() - 1).toISOString().slice(0, 10);
  const words =
    expires <= now
      ? `no longer waived by ${id}, which ended at the end of`
      : `waived by ${id} until the end of`;
  const people = safeText(approvedBy.join(' and '));
  const once = needsApprovals ? `, once ${people} signed in and approved it` : '';
  return `${words} ${lastDay}, UTC${once}: ${safeText(reason)}`;
}

function renderValue(name: string, value: unknown): string {
  if (durations.includes(name) && typeof value === 'number') return renderDuration(value);
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => safeText(String(one))).join(', ');
  return safeText(String(value));
}

function oneOf(value: unknown): string {
  const list = Array.isArray(value) ? value.map((one) => safeText(String(one))) : [];
  return list.length < 2 ? list.join('') : `one of ${list.join(', ')}`;
}
