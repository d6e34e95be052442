import type { UnknownReason } from '../keys/observation.ts';

export type Verdict = 'pass' | 'fail' | 'waived' | 'unknown';

/** What a violation rests on. The sentence is made from it in `messages.ts`. */
export type Facts = Readonly<Record<string, number | string | readonly string[]>>;

/** A rule broken by a key. `waiver` is the id of the waiver that covers it, or null. */
export interface Violation {
  readonly rule: string;
  readonly facts: Facts;
  readonly waiver: string | null;
}

/** What keeps rules from judging a key. The words for each are in `unknown-detail.ts`. */
export type Obstacle = 'unreadable' | 'in-future' | 'never-used-may-apply' | 'no-missing-rule';

/** Why there is no answer: an obstacle, or what a source or a library said, word for word. */
export type Because = Obstacle | { readonly said: string };

/** A rule (or, with `rule: null`, the whole key) that could not be judged, and why. */
export interface Unjudged {
  readonly rule: string | null;
  readonly reason: UnknownReason;
  /** The vendor's fields that could not be read or used; empty if the reason is not a field. */
  readonly fields: readonly string[];
  readonly because: Because;
}

/**
 * A change of a waiver for this key. Either it covers the key for the first time, and `digest` is
 * the key's baseline; or it becomes `void`, because the key differs from that baseline.
 */
export interface WaiverChange {
  readonly waiver: string;
  readonly hash: string;
  readonly digest: string;
  readonly void: boolean;
}

/**
 * The result of judging one key by one policy at one time. `known` is false if the verdict was
 * unknown before the `unaudited` rules were judged.
 */
export interface Judgement {
  readonly verdict: Verdict;
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
  readonly known: boolean;
  readonly waiverChanges: readonly WaiverChange[];
}
