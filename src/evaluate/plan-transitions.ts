import type { Observation } from '../keys/observation.ts';
import type { Judgement } from './judgement.ts';
import type { Policy } from './policy.ts';

/** A finding of one key as the records have it before this sweep. */
export interface KnownFinding {
  readonly rule: string;
  readonly state: 'open' | 'resolved';
}

export type Resolution = 'fixed' | 'untracked' | 'missing' | 'policy-changed';

/** What happens to one finding. `seen`: it was open and still is. */
export type Transition =
  | { readonly rule: string; readonly kind: 'opened' | 'reopened' | 'seen' }
  | { readonly rule: string; readonly kind: 'resolved'; readonly resolution: Resolution };

/**
 * One key, judged. `policyChanged`: the policy's hash is not the one its findings were last seen
 * under. `keyChanged`: what the vendor says of it (lastUsed included) or what the inventory says
 * of it is not what it was then.
 */
export interface TransitionInput {
  readonly findings: readonly KnownFinding[];
  readonly observation: Observation['kind'];
  readonly judgement: Judgement;
  readonly policy: Policy;
  readonly policyChanged: boolean;
  readonly keyChanged: boolean;
}

/**
 * What becomes of a key's findings. A broken rule opens one (again), or finds it still open; a
 * finding that is no longer broken resolves, but never on an incomplete audit: while anything of
 * the key is unknown nothing counts as mended. Resolved findings that stay so are not named.
 */
export function planTransitions(input: TransitionInput): readonly Transition[] {
  if (input.observation === 'unknown') return [];

  const states = new Map(input.findings.map((finding) => [finding.rule, finding.state]));
  const broken = new Set(input.judgement.violations.map((violation) => violation.rule));
  const risen = [...broken].map((rule) => ({ rule, kind: riseOf(states.get(rule)) }));
  const resolved = input.findings
    .filter((finding) => finding.state === 'open' && !broken.has(finding.rule))
    .flatMap(({ rule }) => resolve(rule, input));
  return [...risen, ...resolved];
}

function riseOf(state: KnownFinding['state'] | undefined): 'opened' | 'reopened' | 'seen' {
  if (state === undefined) return 'opened';
  return state === 'open' ? 'seen' : 'reopened';
}

function resolve(rule: string, input: TransitionInput): readonly Transition[] {
  const resolution = resolutionOf(rule, input);
  return resolution === undefined ? [] : [{ rule, kind: 'resolved', resolution }];
}

/** How an open finding that is not broken now ends, or undefined where that cannot be told. */
function resolutionOf(rule: string, input: TransitionInput): Resolution | undefined {
  const type = input.policy.rules.find(({ id }) => id === rule)?.type;
  if (type === undefined) return 'policy-changed';
  if (input.observation === 'missing' && type !== 'missing') return 'missing';
  if (input.judgement.unjudged.length > 0) return undefined;
  if (input.observation === 'missing') return 'policy-changed';
  return input.policyChanged && !input.keyChanged ? 'policy-changed' : 'fixed';
}
