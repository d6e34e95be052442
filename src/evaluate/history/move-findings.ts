import type { Facts, Judgement } from '../judgement.ts';
import type { Policy } from '../policy/policy.ts';
import { hashWaiver } from '../waivers/compile-waivers.ts';
import { joinPast } from './events.ts';
import { reviewRevoke } from './finding-type.ts';
import type { Observed } from './key-outcome.ts';
import type { KeyState, KnownFinding } from './key-state.ts';
import type { FindingWaiver, Transition } from './transition.ts';

type Findings = KeyState['findings'];

/** The findings after transitions that no sweep caused. */
export function moveFindings(findings: Findings, transitions: readonly Transition[]): Findings {
  return moveAll(findings, transitions, ({ rule }) => findings.get(rule));
}

/** The findings after a sweep's transitions. What changed is recorded with the sweep's policy. */
export function moveObserved(
  findings: Findings,
  transitions: readonly Transition[],
  observed: Observed,
): Findings {
  const { policy } = observed.stored;
  return moveAll(findings, transitions, (transition) => {
    const before = findings.get(transition.rule);
    const isResolved = transition.kind === 'resolved';
    // No policy says anything of what a review opened.
    const isKept = isResolved || before?.type === reviewRevoke;
    if (!isKept) return see(transition, before, observed);
    const seenAt = isResolved ? before?.seenAt : observed.asOf;
    return before === undefined || seenAt === undefined ? undefined : { ...before, policy, seenAt };
  });
}

/** `seen` gives the finding to which a transition is applied; without one, nothing happens. */
function moveAll(
  findings: Findings,
  transitions: readonly Transition[],
  seen: (transition: Transition) => KnownFinding | undefined,
): Findings {
  if (transitions.length === 0) return findings;
  const next = new Map(findings);
  for (const transition of transitions) {
    const finding = seen(transition);
    if (finding !== undefined) next.set(transition.rule, move(finding, transition));
  }
  return next;
}

function move(finding: KnownFinding, transition: Transition): KnownFinding {
  if (transition.kind === 'resolved') {
    return { ...finding, state: 'resolved', resolution: transition.resolution, waiver: null };
  }
  const waiver = coveredBy(transition) === null ? null : finding.waiver;
  return { ...finding, state: waiver === null ? 'open' : 'waived', waiver, resolution: null };
}

/** The id of the waiver that covers the finding from now on. */
function coveredBy(transition: Transition): string | null {
  const { kind } = transition;
  return kind === 'seen' || kind === 'waived' ? transition.waiver : null;
}

function see(
  transition: Transition,
  before: KnownFinding | undefined,
  { judgement, policy, stored, asOf }: Observed,
): KnownFinding {
  const { rule } = transition;
  return {
    rule,
    type: policy.rules.find(({ id }) => id === rule)?.type ?? '',
    state: 'open',
    waiver: readWaiver(coveredBy(transition), policy),
    resolution: null,
    facts: factsOf(rule, judgement, before),
    policy: stored.policy,
    seenAt: asOf,
  };
}

function readWaiver(id: string | null, { waivers }: Policy): FindingWaiver | null {
  const waiver = id === null ? undefined : waivers.find((one) => one.id === id);
  if (waiver === undefined) return null;
  return { id: waiver.id, hash: hashWaiver(waiver), reason: waiver.reason, until: waiver.expires };
}

/** An open event keeps its earlier facts, also those recorded since the key was judged. */
function factsOf(rule: string, { violations }: Judgement, before: KnownFinding | undefined): Facts {
  const facts = violations.find((violation) => violation.rule === rule)?.facts ?? {};
  const open = before?.state === 'resolved' ? null : before?.facts;
  if (facts['past'] === undefined || open == null) return facts;
  return { ...facts, past: joinPast(open['past'], facts['past']) };
}
