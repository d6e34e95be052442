import { sql } from 'kysely';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import { parseLeaf } from '../../../evidence/leaves/leaf.ts';
import type { Records } from '../../store/database.ts';
import { addLeaf, createLogStory, type LogStory, type ReviewLeaf } from '../log-story.ts';
import { readStoredLeaves } from '../read-leaves.ts';
import { checkDecisions } from './check-decisions.ts';
import { checkReviewList } from './check-review-list.ts';
import { checkReviewRow } from './check-review-row.ts';
import type { ReviewRow } from './told-review.ts';

/** Compares campaigns, their lists and their decisions with what the log says of them. */
export async function checkCampaigns(
  db: Records,
  story: LogStory,
  note: NoteDifference,
): Promise<void> {
  const kept = await readRows(db);
  for (const row of kept) {
    const leaves = await readTold(db, story, row.uuid);
    const place = placeOf(row);
    if (leaves.length === 0) {
      note({ code: 'review-unlogged', place });
      continue;
    }
    const told = { row, leaves, size: story.size, pinned: story.pinned };
    checkReviewRow(told, place, note);
    await checkReviewList(db, told, place, note);
    await checkDecisions(db, told, place, note);
  }
  const known = new Set(kept.map(({ uuid }) => uuid));
  for (const [uuid, leaves] of story.campaigns) {
    if (!known.has(uuid))
      note({ code: 'review-gone', leaf: leaves[0]?.n, place: `review ${uuid}` });
  }
}

function placeOf({ uuid, name }: ReviewRow): string {
  return `review ${name} ${uuid}`;
}

/** Read after the row: what the row has is told by one of them. */
async function readTold(
  db: Records,
  story: LogStory,
  uuid: string,
): Promise<readonly ReviewLeaf[]> {
  const later = createLogStory();
  for await (const { n, body } of readStoredLeaves(db, story.size)) {
    addLeaf(later, n, parseLeaf(body));
  }
  return [story, later].flatMap(({ campaigns }) => campaigns.get(uuid) ?? []);
}

async function readRows(db: Records): Promise<readonly ReviewRow[]> {
  const { rows } = await sql<ReviewRow>`
    select id, uuid, review as name, trigger, due_at as "dueAt", opened_at as "openedAt",
      opened_as as "openedBy", answer_by as "answerBy", keys,
      encode(listed_hash, 'hex') as "listedHash", closed_at as "closedAt",
      closed_as as "closedBy", closed_reason as "closedReason", signed_at as "signedAt",
      signed_as as "signedBy", signed_reason as "signedReason"
    from keysweep.review order by id
  `.execute(db);
  return rows;
}
