import type { ListedReview, Review, ReviewedKey, ReviewSource } from './review-model.ts';

/** A parsed JSON value, whose instants are texts. */
type Parsed<T> = T extends Date
  ? string
  : T extends object
    ? { readonly [K in keyof T]: Parsed<T[K]> }
    : T;

export interface ReviewJson {
  readonly review: Parsed<Omit<Review, 'sheets'>>;
  readonly sheets: Parsed<Review['sheets']>;
  readonly keys: readonly Parsed<ReviewedKey>[];
}

/** Turns a parsed JSON campaign back into the one that it was rendered from. */
export function readReviewJson({ review, sheets, keys }: ReviewJson): ReviewSource {
  return {
    ...readListedReview(review),
    listedHash: review.listedHash,
    sheets: sheets.map(({ reviewers, ...sheet }) => ({
      ...sheet,
      reviewers: reviewers.map((one) => ({ ...one, withdrawnAt: readInstant(one.withdrawnAt) })),
    })),
    async *reviewed() {
      for (const key of keys) yield readReviewedKey(key);
    },
  };
}

export function readListedReview(row: Parsed<ListedReview>): ListedReview {
  const { signature } = row;
  return {
    ...row,
    dueAt: readInstant(row.dueAt),
    openedAt: new Date(row.openedAt),
    answerBy: new Date(row.answerBy),
    closedAt: readInstant(row.closedAt),
    signature: signature === null ? null : { ...signature, at: new Date(signature.at) },
  };
}

export function readReviewedKey(row: Parsed<ReviewedKey>): ReviewedKey {
  const { decision, listed } = row;
  return {
    ...row,
    listed,
    decision: decision === null ? null : { ...decision, at: new Date(decision.at) },
  };
}

function readInstant(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
