import type { Verdict } from '../../evaluate/judgement.ts';
import type { Severity } from '../../evaluate/policy/policy.ts';
import type { DetailsJson } from '../../keys/detail-fields.ts';
import type { Known } from '../people/named-person.ts';

/** What an owner decides on a key. */
export const reviewDecisionWords = ['keep', 'reduce', 'revoke', 'not-mine'] as const;
export type ReviewDecisionWord = (typeof reviewDecisionWords)[number];

/** The answers of keys in a campaign. A key without a decision is unanswered, never kept. */
export const reviewAnswers = [...reviewDecisionWords, 'unanswered'] as const;
export type ReviewAnswer = (typeof reviewAnswers)[number];
export type ReviewCounts = { readonly [A in ReviewAnswer]: number };

/** How somebody was known; `link`: by a link that was sent to a mail address. */
export type ReviewWay = Known | 'link';

/** Who did something in a campaign, and how they were known. */
export interface ReviewPerson {
  readonly by: string;
  readonly known: ReviewWay;
  /** Whom the request named beside that; nobody has checked it. */
  readonly asserted: string | null;
  /** At the provider: what never changes, and the mail. */
  readonly subject: string | null;
  readonly mail: string | null;
  /** The address that the link was sent to; null unless it was a link. */
  readonly sentTo: string | null;
}

/** Who ends a campaign, and why. */
export interface ReviewEnd {
  readonly person: ReviewPerson;
  readonly reason: string;
}

/** What counts for a key. */
export interface ReviewDecision {
  readonly decision: ReviewDecisionWord;
  readonly reason: string;
  readonly person: ReviewPerson;
  readonly at: Date;
}

/** A finding of a key that was open when the campaign opened. */
export interface ReviewFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly status: 'open' | 'waived';
  readonly message: string;
  /** RFC 3339. */
  readonly firstSeen: string;
  readonly waiver: string | null;
}

/** A key as it was when the campaign opened. Instants are RFC 3339, so that it is kept as it is. */
export interface ListedForReview extends DetailsJson {
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
  /** The vendor said that there is no such key. */
  readonly missing?: true;
  /** Null before the first sweep of the key. */
  readonly verdict: Verdict | null;
  readonly observedAt: string | null;
  readonly findings: readonly ReviewFinding[];
}

/** A key of a campaign, and the decision that counts. */
export interface ReviewedKey {
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly listed: ListedForReview;
  readonly decision: ReviewDecision | null;
}

/** Management has signed the campaign as a whole. */
export interface ReviewSignature {
  readonly person: ReviewPerson;
  readonly at: Date;
  readonly reason: string;
}

/** A campaign in a list. `review`: which review of the configuration it belongs to. */
export interface ListedReview {
  readonly id: string;
  readonly review: string;
  readonly trigger: 'schedule' | 'request' | 'catch-up';
  readonly dueAt: Date | null;
  /** How many earlier times the review was due while nothing opened one. */
  readonly passedOver: number;
  readonly openedAt: Date;
  /** Null if the schedule opened it. */
  readonly openedBy: ReviewPerson | null;
  readonly answerBy: Date;
  readonly status: 'open' | 'closed' | 'signed-off';
  readonly closedAt: Date | null;
  readonly closedBy: ReviewPerson | null;
  readonly closedReason: string | null;
  readonly signature: ReviewSignature | null;
  readonly keys: number;
  readonly answers: ReviewCounts;
}

/** Who is asked about the keys of one owner. */
export interface ReviewReviewer {
  readonly name: string;
  /** Null: nobody can write to this reviewer. */
  readonly mail: string | null;
  readonly withdrawnAt: Date | null;
}

/** The keys of one owner in a campaign. */
export interface ReviewSheet {
  readonly sheet: number;
  readonly owner: string | null;
  readonly keys: number;
  readonly answered: number;
  readonly reviewers: readonly ReviewReviewer[];
}

/** A campaign as a whole; `listedHash`: the SHA-256 of the list of its keys, in hex. */
export interface Review extends ListedReview {
  readonly listedHash: string;
  readonly sheets: readonly ReviewSheet[];
}

/** A campaign with its keys, read row by row; the list may be read several times. */
export interface ReviewSource extends Review {
  reviewed(): AsyncIterable<ReviewedKey>;
}
