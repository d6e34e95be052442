import { evaluate } from '../evaluate/evaluate.ts';
import { acknowledge, foldHistory } from '../evaluate/history/fold-history.ts';
import { type History, noHistory } from '../evaluate/history/history.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import { messageOf } from '../evaluate/messages.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import { unknownDetail } from '../evaluate/unknown-detail.ts';
import type { CaseActual } from './case-result.ts';
import type { CasePlan, Night } from './plan-case.ts';

/** Judges the sweeps of a case one after the other, as nights would; says what the last comes to. */
export function judgeCase(plan: CasePlan, policy: Policy, compiled: CompiledPolicy): CaseActual {
  const judge = ({ observation, asOf }: Night, history: History) =>
    evaluate({
      observation,
      key: plan.key,
      policy: compiled,
      asOf,
      usageLagMs: plan.usageLagMs,
      history,
    });
  const tracked: History = { ...noHistory, knownAt: plan.trackedSince };
  const known = plan.before.reduce((history, night) => {
    const past = { ...night, judgement: judge(night, history) };
    return acknowledge(foldHistory(history, past, policy), night.acknowledged);
  }, tracked);
  return describe(judge(plan.last, known), policy);
}

function describe({ verdict, violations, unjudged }: Judgement, { rules }: Policy): CaseActual {
  const types = new Map(rules.map(({ id, type }) => [id, type]));
  return {
    verdict,
    violations: violations.flatMap(({ rule, facts, waiver }) => {
      const type = types.get(rule);
      if (type === undefined) return [];
      return [{ rule, message: messageOf(type, facts), facts, waiver }];
    }),
    unknowns: unjudged.map((one) => {
      const { rule, reason, fields } = one;
      return { rule, reason, fields, detail: unknownDetail(one) };
    }),
  };
}
