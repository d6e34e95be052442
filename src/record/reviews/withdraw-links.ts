import { sql } from 'kysely';
import type { ReviewPerson } from '../../report/review/review-model.ts';
import type { Database } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { lockReview } from './lock-review.ts';

/**
 * Ends the links of a reviewer in a campaign for good; no more mails are sent to that reviewer.
 * Throws `RequestRefused` if there is no such reviewer.
 */
export async function withdrawLinks(
  database: Database,
  row: number,
  reviewer: string,
  person: ReviewPerson,
): Promise<void> {
  await database.transact(async (tx) => {
    const { now } = await lockReview(tx, row);
    const { rows } = await sql<{ withdrawn: Date | null }>`
      select withdrawn_at as withdrawn from keysweep.review_link
      where review_id = ${row} and name = ${reviewer}
    `.execute(tx);
    if (rows.length === 0) {
      throw new RequestRefused(`this review has no reviewer ${JSON.stringify(reviewer)}`);
    }
    await sql`
      update keysweep.review_link set withdrawn_at = ${now},
        withdrawn_as = ${JSON.stringify(person)}::jsonb
      where review_id = ${row} and name = ${reviewer} and withdrawn_at is null
    `.execute(tx);
  });
}
