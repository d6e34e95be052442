import type { z } from 'zod';
import { checkPolicy } from './check-policy.ts';
import { dueId, missingId } from './derived-ids.ts';
import { parseYaml } from './parse-yaml.ts';
import { type Policy, type PolicyRule, policySchema } from './policy.ts';

/** The text is not a valid policy. `message` says why, without positions. */
export class InvalidPolicy extends Error {
  override readonly name = 'InvalidPolicy';
  readonly code = 'KEYSWEEP_INVALID_POLICY';
  readonly retryable = false;
}

/**
 * Parses the text of a policy, such as a sweep has pinned. Throws `InvalidPolicy`. A user's file is
 * checked before this by code that reports lines and columns.
 */
export function parsePolicy(text: string): Policy {
  const raw = parseYaml(text);
  if (raw === undefined) throw new InvalidPolicy('The policy is not valid YAML');
  const parsed = policySchema.safeParse(raw);
  const faults = [...(parsed.error?.issues ?? []), ...checkPolicy(raw)];
  if (!parsed.success || faults.length > 0) {
    const wrong = faults.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new InvalidPolicy(`The policy is not valid: ${wrong.slice(0, 5).join('; ')}`);
  }
  return completePolicy(parsed.data);
}

/** A policy as sweeps use it, from what the file says: with early warnings, and always with a `missing` rule. */
export function completePolicy({ version, rules, waivers }: z.output<typeof policySchema>): Policy {
  const whole = rules.flatMap(withWarning);
  if (rules.some(({ type }) => type === 'missing')) return { version, rules: whole, waivers };
  const ids = new Set(whole.map(({ id }) => id));
  return { version, rules: [...whole, missingRule(ids)], waivers };
}

/**
 * `warnBefore` becomes a rule of its own: its violations are stored and alerted like all others.
 */
function withWarning(rule: PolicyRule): readonly PolicyRule[] {
  if (!('warnBefore' in rule) || rule.warnBefore === undefined) return [rule];
  return [rule, { ...rule, id: dueId(rule.id), severity: 'info', due: true }];
}

/** Added to a policy without a `missing` rule, so that every missing key is reported. */
function missingRule(taken: ReadonlySet<string>): PolicyRule {
  return { id: missingId(taken), type: 'missing', severity: 'low', controls: [] };
}
