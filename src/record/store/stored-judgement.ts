import type { Facts, Judgement, Obstacle, Unjudged } from '../../evaluate/judgement.ts';
import type { UnknownReason } from '../../keys/observation.ts';

/**
 * The detail from another program, or the fields in the way; without an obstacle the fields are
 * unreadable.
 */
type StoredUnknown =
  | readonly [rule: string | null, reason: UnknownReason, said: string]
  | readonly [
      rule: string | null,
      reason: UnknownReason,
      fields: readonly string[],
      obstacle?: Obstacle,
    ];

/** A judgement as a row stores it: in short form, and null where the key simply passes. */
export interface StoredJudgement {
  readonly v?: readonly (readonly [rule: string, facts: Facts, waiver: string | null])[];
  readonly u?: readonly StoredUnknown[];
}

/** As the records hold it; null, which costs nothing, if there is nothing to say. */
export function storeJudgement({ violations, unjudged }: Judgement): StoredJudgement | null {
  if (violations.length === 0 && unjudged.length === 0) return null;
  return {
    ...(violations.length === 0
      ? {}
      : { v: violations.map(({ rule, facts, waiver }) => [rule, facts, waiver] as const) }),
    ...(unjudged.length === 0 ? {} : { u: unjudged.map(storeUnknown) }),
  };
}

export function readJudgement(
  stored: StoredJudgement | null,
): Pick<Judgement, 'violations' | 'unjudged'> {
  return {
    violations: (stored?.v ?? []).map(([rule, facts, waiver]) => ({ rule, facts, waiver })),
    unjudged: (stored?.u ?? []).map(readUnknown),
  };
}

function storeUnknown({ rule, reason, fields, because }: Unjudged): StoredUnknown {
  if (typeof because === 'object') return [rule, reason, because.said];
  return because === 'unreadable' ? [rule, reason, fields] : [rule, reason, fields, because];
}

function readUnknown([rule, reason, what, obstacle = 'unreadable']: StoredUnknown): Unjudged {
  if (typeof what === 'string') return { rule, reason, fields: [], because: { said: what } };
  return { rule, reason, fields: what, because: obstacle };
}
