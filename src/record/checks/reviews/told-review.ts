import type { ReviewRow } from '../../store/review-row.ts';
import type { ReviewLeaf } from '../log-story.ts';

/** A campaign in the records, and what the log says of it. */
export interface ToldReview {
  readonly row: ReviewRow;
  readonly leaves: readonly ReviewLeaf[];
  /** See `LogStory`. */
  readonly pinned: Set<number>;
}
