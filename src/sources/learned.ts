import type { KeyDetails, UnknownReason } from '../keys/observation.ts';
import type { Answer } from './key-source.ts';

/** Why nothing could be learned. `forGood`: asking again in this sweep will not mend it. */
export interface Unlearned {
  readonly kind: 'unlearned';
  readonly reason: UnknownReason;
  readonly detail: string;
  readonly forGood: boolean;
  /** Whether the source gave no answer of its own for this key, or will give none for any key. */
  readonly silence: 'none' | 'key' | 'source';
  readonly retryAfterMs: number | undefined;
  /** The token endpoint refused us for good: no key of the source can be learned in this sweep. */
  readonly refusesAll: boolean;
}

export type Learned =
  | { readonly kind: 'present'; readonly details: KeyDetails }
  | { readonly kind: 'missing' }
  | Unlearned;

type Extra = Partial<Pick<Unlearned, 'forGood' | 'silence' | 'retryAfterMs' | 'refusesAll'>>;

/** An `Unlearned` of the ordinary kind: passing, and an answer of the source. */
export function unlearned(reason: UnknownReason, detail: string, extra: Extra = {}): Unlearned {
  return {
    kind: 'unlearned',
    reason,
    detail,
    forGood: extra.forGood ?? false,
    silence: extra.silence ?? 'none',
    retryAfterMs: extra.retryAfterMs,
    refusesAll: extra.refusesAll ?? false,
  };
}

/** What the caller is told, stamped with the instant at which it was learned. */
export function answerFrom(learned: Learned, at: Date): Answer {
  if (learned.kind !== 'unlearned') {
    return { kind: 'observed', observation: { ...learned, at }, refusesAll: false };
  }

  const { reason, detail, retryAfterMs, refusesAll } = learned;
  if (learned.forGood) {
    return { kind: 'observed', observation: { kind: 'unknown', at, reason, detail }, refusesAll };
  }
  const counts = reason !== 'rate-limited';
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: 'unanswered', reason, detail, counts, ...wait };
}
