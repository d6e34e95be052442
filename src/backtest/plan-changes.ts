import type { Judgement, Unjudged, Violation } from '../evaluate/judgement.ts';
import type { Policy, PolicyRule } from '../evaluate/policy/policy.ts';
import type { ChangeKind, RuleState } from '../report/backtest/backtest-model.ts';

/** What one policy said of one key. */
export interface Judged extends Pick<Judgement, 'violations' | 'unjudged'> {
  readonly rules: ReadonlyMap<string, PolicyRule>;
}

/** What would become of one rule of one key. */
export type Change = { readonly was: RuleState; readonly would: RuleState } & (
  | {
      readonly kind: Exclude<ChangeKind, 'unknown'>;
      readonly violation: Violation;
      readonly rule: PolicyRule;
    }
  | { readonly kind: 'unknown'; readonly unjudged: Unjudged }
);

export function rulesOf(policy: Policy): ReadonlyMap<string, PolicyRule> {
  return new Map(policy.rules.map((rule) => [rule.id, rule]));
}

/**
 * What another policy changes of a key: a rule is the same rule where its id is. A violation that
 * was open resolves only where the other policy can tell that it is gone.
 */
export function planChanges(before: Judged, after: Judged): readonly Change[] {
  return [
    ...after.violations.flatMap((violation) => planBroken(violation, before, after)),
    ...before.violations.flatMap((violation) => planGone(violation, before, after)),
    ...after.unjudged.flatMap((unjudged) => planUntold(unjudged, before)),
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

/** Where nothing of the key could be told before either, that is no news. */
function planUntold(unjudged: Unjudged, before: Judged): readonly Change[] {
  const was = unjudged.rule === null ? stateOfKey(before) : stateOf(before, unjudged.rule);
  return was === 'unknown' ? [] : [{ kind: 'unknown', was, would: 'unknown', unjudged }];
}

function stateOf({ violations, unjudged, rules }: Judged, rule: string): RuleState {
  const violation = violations.find((one) => one.rule === rule);
  if (violation !== undefined) return violation.waiver === null ? 'open' : 'waived';
  if (!rules.has(rule)) return 'absent';
  const untold = unjudged.some((one) => one.rule === rule || one.rule === null);
  return untold ? 'unknown' : 'passed';
}

function stateOfKey({ violations, unjudged }: Judged): RuleState {
  if (unjudged.some(({ rule }) => rule === null)) return 'unknown';
  if (violations.some(({ waiver }) => waiver === null)) return 'open';
  return violations.length > 0 ? 'waived' : 'passed';
}
