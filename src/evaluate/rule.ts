import type { UnknownReason } from '../keys/observation.ts';
import type { History } from './history/history.ts';
import type { Facts, Obstacle, Unjudged } from './judgement.ts';
import type { CompiledMatch, Matchable } from './policy/match.ts';
import type { RuleOf, RuleType } from './policy/policy.ts';

/**
 * One key as the rules see it. Instants are milliseconds since the epoch; `undefined` is
 * unreadable; `lastUsed: null` is never used. For a missing key (`exists` is false), only the
 * inventory's fields are readable.
 */
export interface Subject extends Matchable {
  readonly exists: boolean;
  readonly keyId: string;
  readonly name: string | undefined;
  readonly lastFour: string | undefined;
  readonly approvedScopes: readonly string[] | null;
  readonly createdOn: number | undefined;
  readonly lastUsed: number | null | undefined;
  readonly observedAt: number;
  readonly asOf: number;
  readonly usageLagMs: number;
  /** The matches of `never-used` rules, which take precedence over `stale` for never-used keys. */
  readonly neverUsed: readonly CompiledMatch[];
  readonly history: History;
}

/** What one rule says of one key. */
export type Outcome =
  | { readonly kind: 'pass' }
  | { readonly kind: 'violation'; readonly facts: Facts }
  | ({ readonly kind: 'unknown' } & Omit<Unjudged, 'rule'>);

/** A prepared rule. It is called only for keys to which the rule's match applies. */
export type Check = (subject: Subject) => Outcome;

/** Prepares one rule of a policy for many keys. */
export type Rule<T extends RuleType> = (rule: RuleOf<T>) => Check;

export const pass: Outcome = { kind: 'pass' };

export function violation(facts: Facts): Outcome {
  return { kind: 'violation', facts };
}

/** The rule needs these fields, and at least one of them cannot be read or used. */
export function unreadable(fields: readonly string[], because: Obstacle = 'unreadable'): Outcome {
  return { kind: 'unknown', reason: 'field-unreadable', fields, because };
}

/** The rule has no answer, for a reason other than a field. */
export function unknown(reason: UnknownReason, said: string): Outcome {
  return { kind: 'unknown', reason, fields: [], because: { said } };
}
