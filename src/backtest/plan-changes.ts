import type { Judgement, Unjudged, Violation } from '../evaluate/judgement.ts';
import type { Policy, PolicyRule } from '../evaluate/policy/policy.ts';
import type { ChangeKind, RuleState } from '../report/backtest/backtest-model.ts';

/** The judgement of one key under one policy. */
export interface Judged extends Pick<Judgement, 'violations' | 'unjudged'> {
  readonly rules: ReadonlyMap<string, PolicyRule>;
}

/** What would change for one rule of one key. */
export type Change = { readonly was: RuleState; readonly would: RuleState } & (
  | {
      readonly kind: Exclude<ChangeKind, 'unknown'>;
      readonly violation: Violation;
      readonly rule: PolicyRule;
    }
  | { readonly kind: 'unknown'; readonly unjudged: Unjudged }
);

/** The rules of a policy by their ids. */
export function rulesOf(policy: Policy): ReadonlyMap<string, PolicyRule> {
  return new Map(policy.rules.map((rule) => [rule.id, rule]));
}

/**
 * Finds what another policy changes for a key. Rules are matched by id. An open violation resolves
 * only if the other policy can judge that it is gone.
 */
export function planChanges(before: Judged, after: Judged): readonly Change[] {
  return [
    ...after.violations.flatMap((violation) => planBroken(violation, before, after)),
    ...before.violations.flatMap((violation) => planGone(violation, before, after)),
    ...after.unjudged.flatMap((unjudged) => planUnknown(unjudged, before)),
  ];
}

function planBroken(violation: Violation, before: Judged, after: Judged): readonly Change[] {
  const rule = after.rules.get(violation.rule);
  const was = stateOf(before, violation.rule);
  const would = violation.waiver === null ? 'open' : 'waived';
  if (rule === undefined || was === would) return [];
  return [{ kind: would === 'open' ? 'opens' : 'waived', was, would, violation, rule }];
}

function planGone(violation: Violation, before: Judged, after: Judged): readonly Change[] {
  const rule = before.rules.get(violation.rule);
  const would = stateOf(after, violation.rule);
  const gone = would === 'passed' || would === 'absent';
  if (rule === undefined || violation.waiver !== null || !gone) return [];
  return [{ kind: 'resolves', was: 'open', would, violation, rule }];
}

/** A rule or key that was unknown before is not a change. */
function planUnknown(unjudged: Unjudged, before: Judged): readonly Change[] {
  const was = unjudged.rule === null ? stateOfKey(before) : stateOf(before, unjudged.rule);
  return was === 'unknown' ? [] : [{ kind: 'unknown', was, would: 'unknown', unjudged }];
}

function stateOf({ violations, unjudged, rules }: Judged, rule: string): RuleState {
  const violation = violations.find((one) => one.rule === rule);
  if (violation !== undefined) return violation.waiver === null ? 'open' : 'waived';
  if (!rules.has(rule)) return 'absent';
  const isUnknown = unjudged.some((one) => one.rule === rule || one.rule === null);
  return isUnknown ? 'unknown' : 'passed';
}

function stateOfKey({ violations, unjudged }: Judged): RuleState {
  if (unjudged.some(({ rule }) => rule === null)) return 'unknown';
  if (violations.some(({ waiver }) => waiver === null)) return 'open';
  return violations.length > 0 ? 'waived' : 'passed';
}
