import type { Judgement, Violation } from '../judgement.ts';
import { dueId } from '../policy/derived-ids.ts';
import type { Policy } from '../policy/policy.ts';
import { hashWaiver } from '../waivers/compile-waivers.ts';
import { holdsEvent, isSameEvent } from './events.ts';
import { reviewRevoke } from './finding-type.ts';
import type { Observed } from './key-outcome.ts';
import type { KeyState, KnownFinding, NewestObservation } from './key-state.ts';
import type { FindingWaiver, LapseCause, Resolution, Transition } from './transition.ts';

/**
 * The transitions of a key's findings when it is observed. A broken rule opens or reopens its
 * finding, or sees it again; if a waiver covers it, the finding is waived. A finding whose rule is
 * no longer broken resolves, but nothing counts as fixed while anything of the key is unknown.
 * Findings that stay resolved are left out.
 */
export function planMoves(state: KeyState, observed: Observed): readonly Transition[] {
  const { findings } = state;
  const { observation, judgement } = observed;
  const risen = judgement.violations.flatMap((violation) =>
    planBroken(violation, findings.get(violation.rule), observed),
  );
  if (observation.kind === 'unknown' || findings.size === 0) return risen;

  const broken = new Set(judgement.violations.map(({ rule }) => rule));
  const changed = whatChanged(state, observed);
  const others = [...findings.values()].filter(({ rule }) => !broken.has(rule));
  const resolved = others
    .filter(({ state: was, type }) => was !== 'resolved' && type !== reviewRevoke)
    .flatMap((finding) => planResolved(finding, observed, changed));
  const reviewed = others
    .filter(({ type }) => type === reviewRevoke)
    .flatMap((finding) => planReviewed(finding, observed));
  return [...risen, ...resolved, ...reviewed];
}

/**
 * What a review decided to revoke stays open until the vendor says that the key is gone, and opens
 * again if the key comes back. A policy has no say in it.
 */
function planReviewed(
  { rule, state: was, resolution }: KnownFinding,
  { observation }: Observed,
): readonly Transition[] {
  const missing = observation.kind === 'missing';
  if (was !== 'resolved') {
    return missing ? [{ rule, was, kind: 'resolved', resolution: 'missing' }] : [];
  }
  return resolution === 'missing' && !missing ? [{ rule, was, kind: 'reopened' }] : [];
}

function planBroken(
  violation: Violation,
  finding: KnownFinding | undefined,
  observed: Observed,
): readonly Transition[] {
  if (finding !== undefined && isAcknowledged(violation, finding, observed.policy)) return [];
  const { waiver } = violation;
  const covered = waiver !== null && !(finding?.state === 'open' && hasEnded(waiver, observed));
  return [covered ? planWaived(violation, finding) : planOpen(violation, finding, observed)];
}

function planWaived({ rule, waiver }: Violation, finding: KnownFinding | undefined): Transition {
  const was = finding?.state ?? null;
  return { rule, was, kind: was === 'waived' ? 'seen' : 'waived', waiver };
}

/** If the rule's type has changed, the finding reopens, though the rule's id is the same. */
function planOpen(
  { rule }: Violation,
  finding: KnownFinding | undefined,
  observed: Observed,
): Transition {
  if (finding === undefined) return { rule, was: null, kind: 'opened' };
  const { state: was, waiver, type } = finding;
  if (was === 'resolved') return { rule, was, kind: 'reopened' };
  if (waiver !== null)
    return { rule, was, kind: 'lapsed', waiver, cause: causeOf(waiver, observed) };
  if (type !== typeIn(observed.policy, rule)) return { rule, was, kind: 'reopened' };
  return { rule, was, kind: 'seen', waiver: null };
}

/** Two sweeps may see the same event. Once it is acknowledged, the later one must not reopen it. */
function isAcknowledged(
  { rule, facts }: Violation,
  { state, resolution, facts: known }: KnownFinding,
  policy: Policy,
): boolean {
  if (state !== 'resolved' || resolution !== 'acknowledged' || known === null) return false;
  return isSameEvent(typeIn(policy, rule) ?? '', facts, known);
}

/**
 * Whether the waiver has ended by now: this sweep must not waive a finding that has lapsed since.
 */
function hasEnded(waiver: string, { policy, now }: Observed): boolean {
  const ends = policy.waivers.find(({ id }) => id === waiver)?.expires;
  return ends !== undefined && ends <= now;
}

function causeOf(waiver: FindingWaiver, { judgement, policy, asOf }: Observed): LapseCause {
  if (waiver.until <= asOf) return 'expired';
  const changed = judgement.waiverChanges.some((one) => one.void && one.hash === waiver.hash);
  if (changed) return 'key-changed';
  const named = policy.waivers.find(({ id }) => id === waiver.id);
  if (policy.waiting?.some(({ id }) => id === waiver.id) === true) return 'not-approved';
  const stands = named !== undefined && hashWaiver(named) === waiver.hash;
  return stands ? 'no-longer-applies' : 'withdrawn';
}

interface Changed {
  readonly key: boolean;
  readonly policy: boolean;
}

/** What has changed since the observation that the findings follow. */
function whatChanged({ memory, findings }: KeyState, observed: Observed): Changed {
  const open = [...findings.values()].filter(
    ({ state, type }) => state !== 'resolved' && type !== reviewRevoke,
  );
  return {
    key: memory.newest === undefined || isOther(memory.newest, observed),
    policy: open.some(({ policy }) => policy !== observed.stored.policy),
  };
}

/** A new last use counts as a change of the key too. */
function isOther(newest: NewestObservation, { observation, stored }: Observed): boolean {
  const used = observation.kind === 'present' ? observation.details.lastUsed : undefined;
  const same = newest.content === stored.content && newest.entry === stored.entry;
  return !same || newest.lastUsed?.getTime() !== used?.getTime();
}

function planResolved(
  finding: KnownFinding,
  observed: Observed,
  changed: Changed,
): readonly Transition[] {
  const { rule, state: was } = finding;
  const event = finding.facts !== null && holdsEvent(finding.type, finding.facts);
  if (event && isRecordedLater(finding, observed)) return [];
  const resolution = resolutionOf(rule, event, observed, changed);
  return resolution === undefined ? [] : [{ rule, was, kind: 'resolved', resolution }];
}

/**
 * Whether the event was recorded by a sweep that ran at the same time, after this one judged the
 * key. Then this sweep must not resolve it.
 */
function isRecordedLater({ rule, type, seenAt }: KnownFinding, observed: Observed): boolean {
  const { policy, judgedWith, asOf } = observed;
  return typeIn(policy, rule) === type ? !judgedWith.openEvents.has(rule) : asOf < seenAt;
}

/** How a finding ends whose rule is not broken now; undefined if that cannot be decided. */
function resolutionOf(
  rule: string,
  event: boolean,
  { judgement, observation, policy }: Observed,
  changed: Changed,
): Resolution | undefined {
  const found = policy.rules.find(({ id }) => id === rule);
  if (found === undefined) return 'policy-changed';
  const missing = observation.kind === 'missing';
  if (missing && found.type !== 'missing') return event ? undefined : 'missing';
  if ('due' in found && isOverdue(rule, judgement)) return 'overdue';
  if (judgement.unjudged.length > 0) return undefined;
  return missing || isLoosened(changed) ? 'policy-changed' : 'fixed';
}

/** A key that is unchanged or missing has fixed nothing, so the policy ended the finding. */
function isLoosened({ policy, key }: Changed): boolean {
  return policy && !key;
}

function isOverdue(warning: string, { violations }: Judgement): boolean {
  return violations.some(({ rule }) => dueId(rule) === warning);
}

function typeIn({ rules }: Policy, rule: string): string | undefined {
  return rules.find(({ id }) => id === rule)?.type;
}
