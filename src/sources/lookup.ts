import type { KeyDetails } from '../keys/detail-fields.ts';
import type { UnknownReason } from '../keys/observation.ts';
import type { Answer } from './key-source.ts';

/** Why the lookup failed. `permanent`: asking again in this sweep will not help. */
export interface LookupFailure {
  readonly kind: 'failure';
  readonly reason: UnknownReason;
  readonly detail: string;
  readonly permanent: boolean;
  /** `key`: the source gave no answer for this key. `source`: it will give none for any key. */
  readonly silence: 'none' | 'key' | 'source';
  readonly retryAfterMs: number | undefined;
  /** The source refused our credentials: every lookup of this sweep fails. */
  readonly refusesAll: boolean;
}

export type Lookup =
  | { readonly kind: 'present'; readonly details: KeyDetails }
  | { readonly kind: 'missing' }
  | LookupFailure;

type Extra = Partial<Pick<LookupFailure, 'permanent' | 'silence' | 'retryAfterMs' | 'refusesAll'>>;

/** A `LookupFailure`; by default, it may pass and the source gave an answer. */
export function lookupFailure(
  reason: UnknownReason,
  detail: string,
  extra: Extra = {},
): LookupFailure {
  return {
    kind: 'failure',
    reason,
    detail,
    permanent: extra.permanent ?? false,
    silence: extra.silence ?? 'none',
    retryAfterMs: extra.retryAfterMs,
    refusesAll: extra.refusesAll ?? false,
  };
}

/** The caller's answer, with the instant of the lookup. */
export function answerFrom(found: Lookup, at: Date): Answer {
  if (found.kind !== 'failure') {
    return { kind: 'observed', observation: { ...found, at }, refusesAll: false };
  }

  const { reason, detail, retryAfterMs, refusesAll } = found;
  if (found.permanent) {
    return { kind: 'observed', observation: { kind: 'unknown', at, reason, detail }, refusesAll };
  }
  const counts = reason !== 'rate-limited';
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: 'unanswered', reason, detail, counts, ...wait };
}
