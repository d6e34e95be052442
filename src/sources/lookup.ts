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
  /** How long the source asked us to stay away, if that is long; `retryAfterMs` is the probe. */
  readonly awayMs: number | undefined;
  /** False if the vendor was not asked, because the source is away: it uses up no attempt. */
  readonly asked: boolean;
  /** The source refused our credentials: every lookup of this sweep fails. */
  readonly refusesAll: boolean;
}

export type Lookup =
  | { readonly kind: 'present'; readonly details: KeyDetails }
  | { readonly kind: 'missing' }
  | LookupFailure;

type Extra = Partial<Omit<LookupFailure, 'kind' | 'reason' | 'detail'>>;

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
    awayMs: extra.awayMs,
    asked: extra.asked ?? true,
    refusesAll: extra.refusesAll ?? false,
  };
}

/** The caller's answer, with the instant of the lookup. */
export function answerFrom(found: Lookup, at: Date): Answer {
  if (found.kind !== 'failure') {
    return { kind: 'observed', observation: { ...found, at }, refusesAll: false };
  }

  const { reason, detail, retryAfterMs, awayMs, asked, refusesAll } = found;
  if (found.permanent) {
    return { kind: 'observed', observation: { kind: 'unknown', at, reason, detail }, refusesAll };
  }
  const counts = asked && reason !== 'rate-limited';
  const wait = retryAfterMs === undefined ? {} : { retryAt: new Date(at.getTime() + retryAfterMs) };
  const away = awayMs === undefined ? {} : { awayMs };
  return { kind: 'unanswered', reason, detail, counts, ...wait, ...away };
}
