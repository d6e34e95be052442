import { sql } from 'kysely';
import type { ReviewPerson } from '../../report/review/review-model.ts';

/** A campaign as it is stored. */
export interface ReviewRow {
  /** Of its row. */
  readonly place: number;
  readonly id: string;
  /** What the configuration calls it. */
  readonly review: string;
  readonly trigger: 'schedule' | 'request';
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

/** The columns of a `ReviewRow`, of the row `r`. */
export const reviewColumns = sql`r.id as place, r.uuid as id, r.review, r.trigger,
  r.due_at as "dueAt", r.opened_at as "openedAt", r.opened_as as "openedBy",
  r.answer_by as "answerBy", r.keys, encode(r.listed_hash, 'hex') as "listedHash",
  r.closed_at as "closedAt", r.closed_as as "closedBy", r.closed_reason as "closedReason",
  r.signed_at as "signedAt", r.signed_as as "signedBy", r.signed_reason as "signedReason"`;
