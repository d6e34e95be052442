import type { Facts, Judgement } from '../evaluate/judgement.ts';
import type { UnknownReason } from '../keys/observation.ts';

/** A judgement as a row keeps it: short, and nothing at all where a key simply passes. */
export interface StoredJudgement {
  readonly v?: readonly (readonly [rule: string, facts: Facts, waiver: string | null])[];
  readonly u?: readonly (readonly [rule: string | null, reason: UnknownReason, detail: string])[];
}

export function storeJudgement({ violations, unjudged }: Judgement): StoredJudgement | null {
  if (violations.length === 0 && unjudged.length === 0) return null;
  return {
    ...(violations.length === 0
      ? {}
      : { v: violations.map(({ rule, facts, waiver }) => [rule, facts, waiver] as const) }),
    ...(unjudged.length === 0
      ? {}
      : { u: unjudged.map(({ rule, reason, detail }) => [rule, reason, detail] as const) }),
  };
}

export function readJudgement(
  stored: StoredJudgement | null,
): Pick<Judgement, 'violations' | 'unjudged'> {
  return {
    violations: (stored?.v ?? []).map(([rule, facts, waiver]) => ({ rule, facts, waiver })),
    unjudged: (stored?.u ?? []).map(([rule, reason, detail]) => ({ rule, reason, detail })),
  };
}
