import { sql } from 'kysely';
import type { ReviewConfig } from '../../config/reviews/reviews-config.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';

/** A campaign that this transaction alone may change. `now`: the database's clock. */
export interface LockedReview {
  readonly row: number;
  readonly id: string;
  readonly review: string;
  readonly openedAt: Date;
  readonly answerBy: Date;
  readonly closedAt: Date | null;
  readonly signedAt: Date | null;
  /** What the configuration said when it opened. */
  readonly terms: ReviewConfig;
  readonly now: Date;
}

/** Throws `RequestRefused` if the campaign is not kept any more. */
export async function lockReview(tx: RecordsTransaction, row: number): Promise<LockedReview> {
  const found = await sql<LockedReview>`
    select id as row, uuid as id, review, opened_at as "openedAt", answer_by as "answerBy",
      closed_at as "closedAt", signed_at as "signedAt", terms, clock_timestamp() as now
    from keysweep.review where id = ${row} for no key update
  `.execute(tx);
  const locked = found.rows[0];
  if (locked === undefined) throw new RequestRefused('this review is not kept any more');
  return locked;
}
