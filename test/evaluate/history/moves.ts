import { advance } from '../../../src/evaluate/history/advance.ts';
import {
  type KeyState,
  type KnownFinding,
  newKey,
} from '../../../src/evaluate/history/key-state.ts';
import type { Transition } from '../../../src/evaluate/history/transition.ts';
import type { Judgement } from '../../../src/evaluate/judgement.ts';
import type { Policy } from '../../../src/evaluate/policy/policy.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import { ago, day, details } from '../world.ts';

/** A finding as a test states it; it was last seen a day ago, under the rule's own type. */
export type SomeFinding = Pick<KnownFinding, 'rule' | 'state'> & Partial<KnownFinding>;

/** One sweep of a key. `policyChanged`, `keyChanged`: since the sweep a day ago. */
export interface Sweep {
  readonly findings: readonly SomeFinding[];
  readonly observation: Observation['kind'];
  readonly judgement: Judgement;
  readonly policy: Policy;
  readonly policyChanged: boolean;
  readonly keyChanged: boolean;
  readonly asOf: Date;
  readonly now: Date;
}

/** What happens to the findings of a key in a sweep; the events that are open were judgedWith of. */
export function movesIn(sweep: Sweep): readonly Transition[] {
  const { findings, judgement, policy, policyChanged, keyChanged, asOf, now } = sweep;
  const typeOf = (rule: string) => policy.rules.find(({ id }) => id === rule)?.type ?? 'stale';
  const known = findings.map((finding): KnownFinding => {
    const standing = { waiver: null, resolution: null, facts: null, policy: 1, seenAt: ago(day) };
    return { type: typeOf(finding.rule), ...standing, ...finding };
  });
  const { lastUsed = null } = details();
  const newest = { at: new Date(asOf.getTime() - day), content: 1, entry: 1, lastUsed };
  const state: KeyState = {
    ...newKey(),
    memory: { ...newKey().memory, newest },
    findings: new Map(known.map((finding) => [finding.rule, finding])),
  };
  const openEvents = new Map(
    known.flatMap(({ rule, facts }) => (facts === null ? [] : [[rule, facts]])),
  );
  return advance(state, {
    kind: 'observed',
    observation: observe(sweep),
    ...{ judgement, policy, asOf, now },
    judgedWith: { knownAt: undefined, openEvents },
    stored: { content: keyChanged ? 2 : 1, entry: 1, policy: policyChanged ? 2 : 1 },
  }).transitions;
}

function observe({ observation: kind, asOf: at }: Sweep): Observation {
  if (kind === 'present') return { kind, at, details: details() };
  return kind === 'missing' ? { kind, at } : { kind, at, reason: 'unreachable', detail: '' };
}
