import type { Observation } from '../../keys/observation.ts';
import type { Facts, Judgement, Violation } from '../judgement.ts';
import { dueId } from '../policy/derived-ids.ts';
import type { Policy } from '../policy/policy.ts';
import { hashWaiver } from '../waivers/compile-waivers.ts';
import { isSameEvent } from './events.ts';
import type {
  FindingState,
  FindingWaiver,
  LapseCause,
  Resolution,
  Transition,
} from './transition.ts';

/** A finding of one key as the records have it before this sweep. */
export interface KnownFinding {
  readonly rule: string;
  readonly state: FindingState;
  /** Of a waived finding; else null. */
  readonly waiver: FindingWaiver | null;
  /** The facts of an event that somebody acknowledged; null for all others. */
  readonly acknowledged: Facts | null;
  /** It tells of something that happened, and stays until somebody acknowledges it. */
  readonly event: boolean;
  /**
   * An event that was not known when the key was judged: a sweep that runs beside this one saw it.
   * That this one sees nothing of it says nothing.
   */
  readonly unheard: boolean;
}

/**
 * One key, judged. `policyChanged`: the policy's hash is not the one its findings were last seen
 * under. `keyChanged`: what the vendor says of it (lastUsed included) or what the inventory says
 * of it is not what it was then. `now`: when this is recorded, which may be later than `asOf`.
 */
export interface TransitionInput {
  readonly findings: readonly KnownFinding[];
  readonly observation: Observation['kind'];
  readonly judgement: Judgement;
  readonly policy: Policy;
  readonly policyChanged: boolean;
  readonly keyChanged: boolean;
  readonly asOf: Date;
  readonly now: Date;
}

/**
 * What becomes of a key's findings. A broken rule opens one (again), or finds it still open; one
 * that a waiver covers is waived. A finding that is no longer broken resolves, but never on an
 * incomplete audit: while anything of the key is unknown nothing counts as mended. Findings that
 * stay resolved are not named.
 */
export function planTransitions(input: TransitionInput): readonly Transition[] {
  const { findings, judgement, observation } = input;
  const known = new Map(findings.map((finding) => [finding.rule, finding]));
  const risen = judgement.violations.flatMap((violation) =>
    planBroken(violation, known.get(violation.rule), input),
  );
  if (observation === 'unknown') return risen;

  const broken = new Set(judgement.violations.map(({ rule }) => rule));
  const resolved = findings
    .filter((finding) => finding.state !== 'resolved' && !broken.has(finding.rule))
    .flatMap((finding) => planWhole(finding, input));
  return [...risen, ...resolved];
}

function planBroken(
  violation: Violation,
  finding: KnownFinding | undefined,
  input: TransitionInput,
): readonly Transition[] {
  if (finding !== undefined && isAcknowledged(violation, finding, input.policy)) return [];
  const { waiver } = violation;
  const covered = waiver !== null && !(finding?.state === 'open' && hasEnded(waiver, input));
  return [covered ? planWaived(violation, finding) : planOpen(violation, finding, input)];
}

function planWaived({ rule, waiver }: Violation, finding: KnownFinding | undefined): Transition {
  const was = finding?.state ?? null;
  return { rule, was, kind: was === 'waived' ? 'seen' : 'waived', waiver };
}

function planOpen(
  { rule }: Violation,
  finding: KnownFinding | undefined,
  input: TransitionInput,
): Transition {
  if (finding === undefined) return { rule, was: null, kind: 'opened' };
  const { state: was, waiver } = finding;
  if (was === 'resolved') return { rule, was, kind: 'reopened' };
  if (waiver === null) return { rule, was, kind: 'seen', waiver: null };
  return { rule, was, kind: 'lapsed', waiver, cause: causeOf(waiver, input) };
}

/** Two sweeps may see one event; what was acknowledged between them is not told anew. */
function isAcknowledged(
  { rule, facts }: Violation,
  { state, acknowledged }: KnownFinding,
  { rules }: Policy,
): boolean {
  if (state !== 'resolved' || acknowledged === null) return false;
  const type = rules.find(({ id }) => id === rule)?.type ?? '';
  return isSameEvent(type, facts, acknowledged);
}

/** A sweep that was opened while the waiver held says nothing of a finding that has lapsed since. */
function hasEnded(waiver: string, { policy, now }: TransitionInput): boolean {
  const ends = policy.waivers.find(({ id }) => id === waiver)?.expires;
  return ends !== undefined && ends <= now;
}

function causeOf(waiver: FindingWaiver, { judgement, policy, asOf }: TransitionInput): LapseCause {
  if (waiver.until <= asOf) return 'expired';
  const changed = judgement.waiverChanges.some((one) => one.void && one.hash === waiver.hash);
  if (changed) return 'key-changed';
  const named = policy.waivers.find(({ id }) => id === waiver.id);
  const stands = named !== undefined && hashWaiver(named) === waiver.hash;
  return stands ? 'no-longer-applies' : 'withdrawn';
}

function planWhole(finding: KnownFinding, input: TransitionInput): readonly Transition[] {
  const { rule, state, unheard } = finding;
  if (unheard) return [];
  const resolution = resolutionOf(finding, input);
  return resolution === undefined ? [] : [{ rule, was: state, kind: 'resolved', resolution }];
}

function isOverdue(warning: string, { violations }: Judgement): boolean {
  return violations.some(({ rule }) => dueId(rule) === warning);
}

/** How an open finding that is not broken now ends, or undefined where that cannot be told. */
function resolutionOf(
  { rule, event }: KnownFinding,
  input: TransitionInput,
): Resolution | undefined {
  const { judgement, observation, policy } = input;
  const found = policy.rules.find(({ id }) => id === rule);
  if (found === undefined) return 'policy-changed';
  const { type } = found;
  if (observation === 'missing' && type !== 'missing') return event ? undefined : 'missing';
  if ('due' in found && isOverdue(rule, judgement)) return 'overdue';
  if (judgement.unjudged.length > 0) return undefined;
  return endedByPolicy(input) ? 'policy-changed' : 'fixed';
}

/** A key that is gone, or is as it was, has mended nothing. */
function endedByPolicy({ observation, policyChanged, keyChanged }: TransitionInput): boolean {
  return observation === 'missing' || (policyChanged && !keyChanged);
}
