import { sql } from 'kysely';
import type { Records } from '../../store/database.ts';
import { type ReviewRow, reviewColumns } from '../../store/review-row.ts';
import type { LogComparison } from '../log-comparison.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkReviewList } from './check-review-list.ts';
import { checkReviewRow } from './check-review-row.ts';
import type { ToldReview } from './told-review.ts';

/** Compares campaigns, their lists and their decisions with what the log says of them. */
export async function checkCampaigns(comparison: LogComparison): Promise<void> {
  const { db, story, note, view } = comparison;
  const { rows } = await sql<{ uuid: string }>`
    select uuid from keysweep.review order by id
  `.execute(db);
  const names = new Set([...rows.map(({ uuid }) => uuid), ...story.campaigns.keys()]);
  for (const uuid of names) {
    const told = await view((one) => checkCampaign(one, comparison, uuid));
    if (told !== undefined) await checkReviewList(db, told, placeOf(told.row), note);
  }
}

/** Undefined if the records or the log do not know it. */
async function checkCampaign(
  db: Records,
  { story, note }: LogComparison,
  uuid: string,
): Promise<ToldReview | undefined> {
  const row = await readRow(db, uuid);
  const leaves = story.campaigns.get(uuid) ?? [];
  if (row === undefined) {
    note({ code: 'review-gone', leaf: leaves[0]?.n, place: `review ${uuid}` });
    return undefined;
  }
  const place = placeOf(row);
  if (leaves.length === 0) {
    note({ code: 'review-unlogged', place });
    return undefined;
  }
  const told = { row, leaves, pinned: story.pinned };
  checkReviewRow(told, place, note);
  await checkDecisions(db, told, place, note);
  return told;
}

function placeOf({ id, review }: ReviewRow): string {
  return `review ${review} ${id}`;
}

async function readRow(db: Records, uuid: string): Promise<ReviewRow | undefined> {
  const { rows } = await sql<ReviewRow>`
    select ${reviewColumns} from keysweep.review r where r.uuid = ${uuid}::uuid
  `.execute(db);
  return rows[0];
}
