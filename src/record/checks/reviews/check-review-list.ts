import { createHash } from 'node:crypto';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import { readReviewList } from '../../log/read-review-list.ts';
import type { Records } from '../../store/database.ts';
import type { ToldReview } from './told-review.ts';

/** Compares the list of the keys of a campaign with the one that its leaf names. */
export async function checkReviewList(
  db: Records,
  { row, leaves }: ToldReview,
  place: string,
  note: NoteDifference,
): Promise<void> {
  const opened = leaves.find(({ event }) => event.what === 'opened');
  if (opened === undefined) return;
  const hash = createHash('sha256');
  for await (const piece of readReviewList(db, row.place)) hash.update(piece);
  if (hash.digest('hex') === opened.subjects.review) return;
  note({ code: 'review-list', leaf: opened.n, place });
}
