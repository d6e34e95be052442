import { canonicalJson } from '../../evidence/canonical-json.ts';
import type { ReviewEnd, ReviewPerson } from '../../report/review/review-model.ts';
import { appendLeaf } from '../log/append-leaf.ts';
import { keepObject } from '../log/keep-object.ts';
import { readReviewOf } from '../reads/reviews/read-reviews.ts';
import type { RecordsTransaction } from '../store/database.ts';
import type { DecidedKey } from './decided-row.ts';
import type { LockedReview } from './lock-review.ts';

/*
 * What the evidence log says of a campaign. Each call is the last of its transaction, because it
 * locks the head of the log.
 */

/** `list`: the hash of the list of its keys, which the rows give back. */
export async function logOpened(
  tx: RecordsTransaction,
  { row, id, review: name, openedAt, answerBy }: LockedReview,
  list: string,
): Promise<void> {
  const found = await readReviewOf(tx, row);
  if (found === undefined) return;
  const { trigger, dueAt, keys, openedBy: person } = found.review;
  const event = {
    ...({ event: 'reviewed', what: 'opened', review: id, name, trigger } as const),
    dueAt: dueAt?.toISOString() ?? null,
    openedAt: openedAt.toISOString(),
    answerBy: answerBy.toISOString(),
    ...{ keys, person },
  };
  await appendLeaf(tx, event, { review: list });
}

export async function logDecided(
  tx: RecordsTransaction,
  { id: review }: LockedReview,
  keys: readonly DecidedKey[],
  person: ReviewPerson,
): Promise<void> {
  const decisions = keys.map(({ source, keyId, decision, reason }) => ({
    ...{ source, keyId, decision, reason },
  }));
  const object = await keepObject(tx, canonicalJson({ version: 1, review, decisions }));
  const event = { event: 'reviewed', what: 'decided', review, keys: keys.length, person } as const;
  await appendLeaf(tx, event, { decisions: object });
}

export async function logEnded(
  tx: RecordsTransaction,
  { row, id: review }: LockedReview,
  what: 'closed' | 'signed-off',
  { person, reason }: ReviewEnd,
): Promise<void> {
  const found = await readReviewOf(tx, row);
  if (found === undefined) return;
  const { answers } = found.review;
  await appendLeaf(tx, { event: 'reviewed', what, review, answers, person, reason });
}
