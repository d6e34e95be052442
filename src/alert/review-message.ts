/** A campaign of a review. Instants are RFC 3339. */
export interface AlertReview {
  readonly id: string;
  /** Which review of the configuration it belongs to. */
  readonly review: string;
  readonly openedAt: string;
  /** When every key should have an answer. */
  readonly answerBy: string;
  /** Its page; null if there is no server with pages. */
  readonly page: string | null;
}

/**
 * Asks a reviewer to decide on keys. It goes to the mail channel of that reviewer only. `link`: an
 * address that only this reviewer gets, without its signature, which is added when the mail is sent.
 */
export interface ReviewAsked {
  readonly review: AlertReview;
  readonly reviewer: string;
  readonly reminder: boolean;
  readonly sheets: readonly AskedSheet[];
  /** How many more sheets wait for this reviewer. */
  readonly omitted: number;
  /** The keys without an answer, those of omitted sheets too. */
  readonly unanswered: number;
}

/** The keys of one owner; null: those that nobody owns. */
export interface AskedSheet {
  readonly owner: string | null;
  readonly keys: number;
  readonly unanswered: number;
  readonly link: string | null;
}

/** Answers are late, there is nobody to ask, or a campaign opened that lists no key. */
export interface ReviewEscalated {
  readonly review: AlertReview;
  readonly because: 'overdue' | 'nobody-to-ask' | 'no-key';
  readonly keys: number;
  readonly unanswered: number;
  /** The owners with most of them; `omitted` counts the other owners. */
  readonly owners: readonly { readonly owner: string | null; readonly unanswered: number }[];
  readonly omitted: number;
}
