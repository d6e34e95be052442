import type { Match } from '../../evaluate/policy/match-schema.ts';

/** When a review is due: at the instants of a cron line, or so long after the campaign before. */
export type ReviewEvery =
  | { readonly kind: 'cron'; readonly cron: string; readonly timezone: string }
  | { readonly kind: 'interval'; readonly ms: number };

/** A review that is repeated. Each time that it is due, a campaign opens. */
export interface ReviewConfig {
  readonly id: string;
  /** Undefined: campaigns open on request only. */
  readonly every: ReviewEvery | undefined;
  /** Which tracked keys it lists; undefined: all of them. */
  readonly of: Match | undefined;
  /** `owner`: whoever owns the keys. Else these, for the keys of every owner. */
  readonly reviewers: 'owner' | readonly string[];
  /** How long after the opening every key should have an answer. */
  readonly dueMs: number;
  /** How long before that reviewers with unanswered keys are reminded, the longest first. */
  readonly remindMs: readonly number[];
  /** The channel that is alerted when answers are late, or when nobody can be asked. */
  readonly escalateTo: string | undefined;
}
