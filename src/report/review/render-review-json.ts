import { inPieces } from '../in-pieces.ts';
import { jsonList, jsonText } from '../json-text.ts';
import type { ListedReview, ReviewedKey, ReviewSource } from './review-model.ts';

/** Renders a campaign with all its keys as one JSON object (“keysweep.review/1”), in pieces. */
export function renderReviewJson(review: ReviewSource): AsyncIterable<string> {
  return inPieces(renderParts(review));
}

async function* renderParts(review: ReviewSource): AsyncIterable<string> {
  const head = { ...listedReviewRow(review), listedHash: review.listedHash };
  yield `{\n  "schema": "keysweep.review/1",\n  "review": ${jsonText(head, 2).replaceAll('\n', '\n  ')}`;
  yield ',\n  "sheets": ';
  yield* jsonList(review.sheets, '  ');
  yield ',\n  "keys": ';
  yield* jsonList(mapKeys(review), '  ');
  yield '\n}\n';
}

async function* mapKeys(review: ReviewSource): AsyncIterable<object> {
  for await (const key of review.reviewed()) yield reviewedKeyRow(key);
}

/** Renders campaigns as one JSON object (“keysweep.reviews/1”), in pieces. */
export async function* renderReviewsJson(
  reviews: AsyncIterable<ListedReview>,
): AsyncIterable<string> {
  const rows = async function* () {
    for await (const review of reviews) yield listedReviewRow(review);
  };
  yield '{\n  "schema": "keysweep.reviews/1",\n  "reviews": ';
  yield* inPieces(jsonList(rows(), '  '));
  yield '\n}\n';
}

export function listedReviewRow(review: ListedReview): object {
  const { id, review: name, trigger, dueAt, passedOver, openedAt, openedBy, answerBy } = review;
  const { status, closedAt, closedBy, closedReason, signature, keys, answers } = review;
  return {
    ...{ id, review: name, trigger, dueAt, passedOver, openedAt, openedBy, answerBy },
    ...{ status, closedAt, closedBy, closedReason, signature, keys, answers },
  };
}

export function reviewedKeyRow({ source, keyId, owner, listed, decision }: ReviewedKey): object {
  return { source, keyId, owner, listed, decision };
}
