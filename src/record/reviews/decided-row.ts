import type { ReviewDecision, ReviewDecisionWord } from '../../report/review/review-model.ts';

/** What somebody decides on one key of a campaign. */
export interface DecidedKey {
  readonly source: string;
  readonly keyId: string;
  readonly decision: ReviewDecisionWord;
  readonly reason: string;
}

/** A key of the campaign with what is decided on it now, and the decision before. */
export interface DecidedRow extends DecidedKey {
  readonly place: number;
  readonly sheet: number;
  readonly key: number;
  readonly before: Omit<ReviewDecision, 'at'> | null;
}
