import type { Judgement, WaiverChange } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { followObservation } from './follow-observation.ts';
import type { KeyOutcome, Observed } from './key-outcome.ts';
import type { KeyState, KnownFinding } from './key-state.ts';
import { moveFindings, moveObserved } from './move-findings.ts';
import { planMoves } from './plan-moves.ts';
import type { Resolution, Transition } from './transition.ts';

/** What an outcome makes of a key: what happens to its findings, and what is kept from now on. */
export interface Advance {
  readonly transitions: readonly Transition[];
  readonly next: KeyState;
}

/**
 * The one place that says what a key's kept state becomes after an outcome. What does not change is
 * the same object in `next`.
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
  }
}

/** Whether an outcome leaves every state as it is, so that the state need not be read. */
export function changesNothing({
  observation,
  judgement,
}: Pick<Observed, 'observation' | 'judgement'>): boolean {
  const { violations, waiverChanges } = judgement;
  return observation.kind === 'unknown' && violations.length + waiverChanges.length === 0;
}

/**
 * Sweeps may overlap. A key follows its newest observation: one that is older and comes later adds
 * only what a waiver was given for. Where nothing was learned of the key, nothing is remembered, and
 * only the finding that says so can open.
 */
function observe(state: KeyState, observed: Observed): Advance {
  const { memory, findings } = state;
  const waived = keepWaivers(state.waived, observed.judgement.waiverChanges);
  if (memory.newest !== undefined && memory.newest.at >= observed.observation.at) {
    return { transitions: [], next: waived === state.waived ? state : { ...state, waived } };
  }
  const judgement = withoutHeard(state, observed);
  const told = judgement === observed.judgement ? observed : { ...observed, judgement };
  const transitions = planMoves(state, told);
  const learned = observed.observation.kind !== 'unknown';
  const next = {
    memory: learned ? followObservation(memory, observed) : memory,
    findings: moveObserved(findings, transitions, told),
    waived,
  };
  return { transitions, next };
}

/**
 * The first to say what a waiver was given for is the one that counts, and what is void stays void.
 */
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

/** A key that another sweep has learned of since it was judged is not unaudited. */
function withoutHeard({ memory }: KeyState, { heard, judgement, policy }: Observed): Judgement {
  const { knownAt } = memory;
  if (knownAt === undefined || heard.knownAt === undefined || knownAt <= heard.knownAt) {
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

function resolve({ rule, state: was }: KnownFinding, resolution: Resolution): Transition[] {
  return was === 'resolved' ? [] : [{ rule, was, kind: 'resolved', resolution }];
}

function lapse({ rule, state: was, waiver }: KnownFinding, at: Date): Transition[] {
  if (waiver === null || waiver.until > at) return [];
  return [{ rule, was, kind: 'lapsed', waiver, cause: 'expired' }];
}
