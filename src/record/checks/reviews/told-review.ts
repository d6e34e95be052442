import type { ReviewPerson } from '../../../report/review/review-model.ts';
import type { ReviewLeaf } from '../log-story.ts';

/** A campaign as the records have it. */
export interface ReviewRow {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  readonly trigger: string;
  readonly dueAt: Date | null;
  readonly openedAt: Date;
  readonly openedBy: ReviewPerson | null;
  readonly answerBy: Date;
  readonly keys: number;
  readonly listedHash: string;
  readonly closedAt: Date | null;
  readonly closedBy: ReviewPerson | null;
  readonly closedReason: string | null;
  readonly signedAt: Date | null;
  readonly signedBy: ReviewPerson | null;
  readonly signedReason: string | null;
}

/** A campaign in the records, and what the log says of it. */
export interface ToldReview {
  readonly row: ReviewRow;
  readonly leaves: readonly ReviewLeaf[];
  /** See `LogStory`. */
  readonly pinned: Set<number>;
}
