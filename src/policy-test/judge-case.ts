import { evaluate } from '../evaluate/evaluate.ts';
import { advance } from '../evaluate/history/advance.ts';
import { notStored } from '../evaluate/history/key-outcome.ts';
import { historyOf, type KeyState, newKey } from '../evaluate/history/key-state.ts';
import type { Judgement } from '../evaluate/judgement.ts';
import { messageOf } from '../evaluate/messages.ts';
import type { CompiledPolicy } from '../evaluate/policy/compile-policy.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import { unknownDetail } from '../evaluate/unknown-detail.ts';
import type { CaseActual } from './case-result.ts';
import type { CasePlan, Night } from './plan-case.ts';

/** Judges the sweeps of a case in order, as nights would, and returns the last result. */
export function judgeCase(plan: CasePlan, policy: Policy, compiled: CompiledPolicy): CaseActual {
  const judge = ({ observation, asOf }: Night, state: KeyState) =>
    evaluate({
      observation,
      key: plan.key,
      policy: compiled,
      asOf,
      usageLagMs: plan.usageLagMs,
      history: historyOf(state, policy),
    });
  const known = plan.before.reduce(
    (state, night) => pass(state, night, judge(night, state), policy),
    newKey(plan.trackedSince),
  );
  return describe(judge(plan.last, known), policy);
}

/** The state of the key after one night and its acknowledgements. */
function pass(state: KeyState, night: Night, judgement: Judgement, policy: Policy): KeyState {
  const { observation, asOf, acknowledged } = night;
  const judgedWith = historyOf(state, policy);
  const swept = { observation, judgement, policy, asOf, now: asOf, judgedWith, stored: notStored };
  const { next } = advance(state, { kind: 'observed', ...swept });
  return acknowledged.reduce(
    (after, rule) => advance(after, { kind: 'acknowledged', rule }).next,
    next,
  );
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
