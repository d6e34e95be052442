import { advance } from '../../../src/evaluate/history/advance.ts';
import type { History } from '../../../src/evaluate/history/history.ts';
import { notStored } from '../../../src/evaluate/history/key-outcome.ts';
import { historyOf, newKey } from '../../../src/evaluate/history/key-state.ts';
import type { Judgement } from '../../../src/evaluate/judgement.ts';
import type { PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import { aPolicy } from '../world.ts';

/** Keeps what is known of a key under these rules, from one night to the next. */
export function keep(rules: readonly PolicyRule[]) {
  const policy = aPolicy(...rules);
  let state = newKey();
  let nights = 0;
  const history = (): History => historyOf(state, policy);
  return {
    history,
    /** Each observation counts as newer than the one before it. */
    observe({ ...observation }: Observation, judgement: Judgement, asOf: Date) {
      nights += 1;
      const at = new Date(observation.at.getTime() + nights);
      const observed = {
        judgement,
        policy,
        asOf,
        now: asOf,
        judgedWith: history(),
        stored: notStored,
      };
      const outcome = {
        kind: 'observed',
        observation: { ...observation, at },
        ...observed,
      } as const;
      state = advance(state, outcome).next;
    },
    acknowledge(rule: string) {
      state = advance(state, { kind: 'acknowledged', rule }).next;
    },
  };
}
