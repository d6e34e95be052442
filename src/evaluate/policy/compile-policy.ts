import type { Check, Rule } from '../rule.ts';
import { rules } from '../rules/index.ts';
import { type CompiledWaivers, compileWaivers } from '../waivers/compile-waivers.ts';
import { type CompiledMatch, compileMatch } from './match.ts';
import type { Policy, PolicyRule, RuleOf, RuleType } from './policy.ts';

/** One rule of a policy, ready to judge. */
export interface CompiledRule {
  readonly id: string;
  readonly type: RuleType;
  readonly match: CompiledMatch;
  readonly check: Check;
}

/** A policy prepared for many keys: patterns are compiled once, not for each key. */
export interface CompiledPolicy {
  /** All rules except `unaudited`. */
  readonly rules: readonly CompiledRule[];
  /** The `missing` rules among them. */
  readonly missing: readonly CompiledRule[];
  /** Judged last, because they depend on the results of the others. */
  readonly unaudited: readonly CompiledRule[];
  readonly neverUsed: readonly CompiledMatch[];
  readonly waivers: CompiledWaivers;
}

/** Prepares a policy for `evaluate`. Once for each sweep or batch is enough. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const compiled = policy.rules.map(compileRule);
  return {
    rules: compiled.filter((rule) => rule.type !== 'unaudited'),
    missing: compiled.filter((rule) => rule.type === 'missing'),
    unaudited: compiled.filter((rule) => rule.type === 'unaudited'),
    neverUsed: policy.rules.filter(takesNeverUsed).map((rule) => compileMatch(rule.match)),
    waivers: compileWaivers(policy),
  };
}

/** The early warning of a `never-used` rule covers the same keys as the rule. */
function takesNeverUsed(rule: PolicyRule): boolean {
  return rule.type === 'never-used' && rule.due !== true;
}

function compileRule(rule: PolicyRule): CompiledRule {
  return {
    id: rule.id,
    type: rule.type,
    match: compileMatch(rule.match),
    check: makeCheck(rule.type, rule),
  };
}

function makeCheck<T extends RuleType>(type: T, rule: RuleOf<T>): Check {
  const make: Rule<T> = rules[type];
  return make(rule);
}
