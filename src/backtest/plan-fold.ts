import { advance } from '../evaluate/history/advance.ts';
import { isEventType } from '../evaluate/history/events.ts';
import { notStored } from '../evaluate/history/key-outcome.ts';
import {
  historyOf,
  type KeyState,
  type KnownFinding,
  newKey,
} from '../evaluate/history/key-state.ts';
import type { Facts, Judgement } from '../evaluate/judgement.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import type { Observation } from '../keys/observation.ts';

/** A full sweep closed at `at` without the key, so the key was not tracked. */
export interface Untracked {
  readonly kind: 'untracked';
  readonly at: Date;
}

/** A key's row in a sweep. `policy`: the policy that judged it. */
export interface PastRow {
  readonly kind: 'swept';
  readonly at: Date;
  readonly observation: Observation;
  readonly judgement: Pick<Judgement, 'violations' | 'unjudged'>;
  readonly asOf: Date;
  readonly policy: Policy;
}

export type Past = PastRow | Untracked;

/** An event that a person acknowledged. */
export interface Acknowledged {
  readonly rule: string;
  readonly type: string;
  readonly facts: Facts;
  readonly at: Date;
}

/** The state of a key before all of these rows, with only the earlier acknowledgements. */
export function planStart(past: readonly Past[], acknowledged: readonly Acknowledged[]): KeyState {
  const first = past.reduce<Date | undefined>(
    (first, { at }) => (first === undefined || at < first ? at : first),
    undefined,
  );
  const before = acknowledged.filter(({ at }) => first !== undefined && at <= first);
  if (before.length === 0) return newKey();
  return { ...newKey(), findings: new Map(before.map((one) => [one.rule, toEnded(one)])) };
}

function toEnded({ rule, type, facts, at: seenAt }: Acknowledged): KnownFinding {
  const ended = { state: 'resolved', resolution: 'acknowledged', waiver: null } as const;
  return { rule, type, facts, seenAt, policy: null, ...ended };
}

/**
 * The state of a key after these rows, which may be in any order, and the acknowledgements between.
 */
export function foldPast(
  start: KeyState,
  past: readonly Past[],
  acknowledged: readonly Acknowledged[],
): KeyState {
  let state = start;
  let left = acknowledged;
  for (const one of past.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    const before = left.filter(({ at }) => at <= one.at);
    left = left.slice(before.length);
    state = foldOne(acknowledge(state, before), one);
  }
  return acknowledge(state, left);
}

function foldOne(state: KeyState, past: Past): KeyState {
  if (past.kind === 'untracked') return advance(state, past).next;
  const { observation, policy, asOf, at } = past;
  const judgement = restoreJudgement(past);
  const judgedWith = historyOf(state, policy);
  const judged = { observation, judgement, policy, asOf, now: at, judgedWith, stored: notStored };
  return advance(state, { kind: 'observed', ...judged }).next;
}

function acknowledge(state: KeyState, acknowledged: readonly Acknowledged[]): KeyState {
  return acknowledged.reduce(
    (after, { rule }) => advance(after, { kind: 'acknowledged', rule }).next,
    state,
  );
}

/** What waivers were given for is stored with the key, so it is not restored from the rows. */
function restoreJudgement(past: PastRow): Judgement {
  return { ...past.judgement, verdict: 'unknown', known: wasKnown(past), waiverChanges: [] };
}

/** Whether the verdict would be known without the rules that look for unknown keys. */
export function wasKnown({ judgement, policy }: PastRow): boolean {
  if (judgement.unjudged.length === 0) return true;
  return judgement.violations.some(
    ({ rule, waiver }) =>
      waiver === null && policy.rules.find(({ id }) => id === rule)?.type !== 'unaudited',
  );
}

/** Whether an event may be open after these rows, so that acknowledgements matter. */
export function mayHoldEvent({ findings }: KeyState, past: readonly Past[]): boolean {
  for (const { type, state } of findings.values()) {
    if (state !== 'resolved' && isEventType(type)) return true;
  }
  return past.some((one) => one.kind === 'swept' && breaksEventRule(one));
}

function breaksEventRule({ judgement, policy }: PastRow): boolean {
  return judgement.violations.some(({ rule }) =>
    policy.rules.some(({ id, type }) => id === rule && isEventType(type)),
  );
}
