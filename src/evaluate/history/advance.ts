import type { Judgement, WaiverChange } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { reviewRevoke } from './finding-type.ts';
import { followObservation } from './follow-observation.ts';
import type { KeyOutcome, Observed } from './key-outcome.ts';
import type { KeyState, KnownFinding } from './key-state.ts';
import { moveFindings, moveObserved } from './move-findings.ts';
import { planMoves } from './plan-moves.ts';
import type { Resolution, Transition } from './transition.ts';

/** The effect of an outcome on a key: the transitions of its findings, and its next state. */
export interface Advance {
  readonly transitions: readonly Transition[];
  readonly next: KeyState;
}

/**
 * Decides a key's state after an outcome; no other code does. Parts that do not change are the same
 * objects in `next`.
 */
export function advance(state: KeyState, outcome: KeyOutcome): Advance {
  switch (outcome.kind) {
    case 'observed':
      return observe(state, outcome);
    case 'untracked':
      return move(state, (finding) => resolve(finding, 'untracked'));
    case 'acknowledged':
      return move(state, (finding) =>
        finding.rule === outcome.rule ? resolve(finding, 'acknowledged') : [],
      );
    case 'lapsed':
      return move(state, (finding) => lapse(finding, outcome.at));
    case 'revoke-decided':
      return decideRevoke(state, outcome);
  }
}

/** Whether an observation leaves every state unchanged, so that the state need not be read. */
export function changesNothing({
  observation,
  judgement,
}: Pick<Observed, 'observation' | 'judgement'>): boolean {
  const { violations, waiverChanges } = judgement;
  return observation.kind === 'unknown' && violations.length + waiverChanges.length === 0;
}

/**
 * Sweeps may overlap. A key follows its newest observation: an older one that is recorded later
 * adds only waiver baselines. An unknown observation changes no memory, and only an `unaudited`
 * finding can open.
 */
function observe(state: KeyState, observed: Observed): Advance {
  const { memory, findings } = state;
  const waived = keepWaivers(state.waived, observed.judgement.waiverChanges);
  if (memory.newest !== undefined && memory.newest.at >= observed.observation.at) {
    return { transitions: [], next: waived === state.waived ? state : { ...state, waived } };
  }
  const judgement = withoutOvertaken(state, observed);
  const counted = judgement === observed.judgement ? observed : { ...observed, judgement };
  const transitions = planMoves(state, counted);
  const learned = observed.observation.kind !== 'unknown';
  const next = {
    memory: learned ? followObservation(memory, observed) : memory,
    findings: moveObserved(findings, transitions, counted),
    waived,
  };
  return { transitions, next };
}

/** The first recorded baseline of a waiver counts, and a void waiver stays void. */
function keepWaivers(
  waived: KeyState['waived'],
  changes: readonly WaiverChange[],
): KeyState['waived'] {
  if (changes.length === 0) return waived;
  const next = new Map(waived);
  for (const { hash, digest, void: ended } of changes) {
    const before = next.get(hash);
    next.set(hash, { digest: before?.digest ?? digest, void: ended || before?.void === true });
  }
  return next;
}

/** A key is not unaudited if another sweep recorded a known verdict after this one judged it. */
function withoutOvertaken(
  { memory }: KeyState,
  { judgedWith, judgement, policy }: Observed,
): Judgement {
  const { knownAt } = memory;
  if (knownAt === undefined || judgedWith.knownAt === undefined || knownAt <= judgedWith.knownAt) {
    return judgement;
  }
  const silent = unaudited(policy);
  const violations = judgement.violations.filter(({ rule }) => !silent.has(rule));
  return { ...judgement, violations };
}

function unaudited({ rules }: Policy): ReadonlySet<string> {
  return new Set(rules.filter(({ type }) => type === 'unaudited').map(({ id }) => id));
}

function move(state: KeyState, plan: (finding: KnownFinding) => readonly Transition[]): Advance {
  const transitions = [...state.findings.values()].flatMap(plan);
  const findings = moveFindings(state.findings, transitions);
  return { transitions, next: findings === state.findings ? state : { ...state, findings } };
}

/** A decision that is made again changes only the facts. */
function decideRevoke(
  state: KeyState,
  { facts, policy, at }: Extract<KeyOutcome, { readonly kind: 'revoke-decided' }>,
): Advance {
  const was = state.findings.get(reviewRevoke)?.state ?? null;
  const [rule, type] = [reviewRevoke, reviewRevoke];
  const finding: KnownFinding = {
    ...{ rule, type, state: 'open', waiver: null, resolution: null },
    ...{ facts, policy, seenAt: at },
  };
  const findings = new Map(state.findings).set(rule, finding);
  return { transitions: [riseOf(rule, was)], next: { ...state, findings } };
}

function riseOf(rule: string, was: KnownFinding['state'] | null): Transition {
  if (was === null) return { rule, was, kind: 'opened' };
  if (was === 'resolved') return { rule, was, kind: 'reopened' };
  return { rule, was, kind: 'seen', waiver: null };
}

function resolve({ rule, state: was }: KnownFinding, resolution: Resolution): Transition[] {
  return was === 'resolved' ? [] : [{ rule, was, kind: 'resolved', resolution }];
}

function lapse({ rule, state: was, waiver }: KnownFinding, at: Date): Transition[] {
  if (waiver === null || waiver.until > at) return [];
  return [{ rule, was, kind: 'lapsed', waiver, cause: 'expired' }];
}
