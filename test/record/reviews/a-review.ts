import type { ReviewConfig } from '../../../src/config/reviews/reviews-config.ts';
import {
  type PlacedKey,
  readReviewedKeys,
} from '../../../src/record/reads/reviews/read-reviewed-keys.ts';
import { readReviewOf } from '../../../src/record/reads/reviews/read-reviews.ts';
import { startReview } from '../../../src/record/reviews/start-review.ts';
import type { NoticeTerms } from '../../../src/record/reviews/write-notices.ts';
import type { Database } from '../../../src/record/store/database.ts';
import type { Review, ReviewPerson } from '../../../src/report/review/review-model.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { all, type ToldMessage } from '../world.ts';

export const day = 86_400_000;

export function aReview(difference: Partial<ReviewConfig> = {}): ReviewConfig {
  return {
    ...{ id: 'quarterly', every: undefined, of: undefined, reviewers: 'owner', dueMs: 14 * day },
    ...{ remindMs: [], escalateTo: undefined, ...difference },
  };
}

export function aPerson(by: string, difference: Partial<ReviewPerson> = {}): ReviewPerson {
  const ordinary = { asserted: null, subject: null, mail: null, sentTo: null };
  return { by, known: 'token', ...ordinary, ...difference };
}

/** Owners with mail addresses, and a channel for escalations. */
export function someTerms(...owners: readonly string[]): NoticeTerms {
  const mails = owners.map((owner) => `owner:${owner}`);
  const formats = new Map(['siem', ...mails].map((id) => [id, 'json' as const]));
  return {
    owners: new Map(
      owners.map((owner) => [owner, { channels: [], email: `${owner}@shop.example` }]),
    ),
    alerting: anAlerting(['siem'], { formats, publicUrl: 'https://k.example', reviewLinks: true }),
  };
}

/** Starts a campaign, and returns its row. */
export async function start(
  database: Database,
  review: ReviewConfig,
  terms: NoticeTerms = someTerms(),
): Promise<number> {
  return (await startReview(database, review, terms, aPerson('boss'))).row;
}

export async function readOne(database: Database, row: number): Promise<Review> {
  const found = await readReviewOf(database.db, row);
  if (found === undefined) throw new Error('there is no such review');
  return found.review;
}

export async function listed(database: Database, row: number): Promise<readonly PlacedKey[]> {
  const keys: PlacedKey[] = [];
  for await (const key of readReviewedKeys(database, row)) keys.push(key);
  return keys;
}

/** The keys of a campaign as `key owner decision`, in their order. */
export async function answers(database: Database, row: number): Promise<string[]> {
  return (await listed(database, row)).map(
    ({ keyId, owner, decision }) => `${keyId} ${owner} ${decision?.decision ?? 'unanswered'}`,
  );
}

/** The messages of reviews in the outbox, in their order, with their channel. */
export async function reviewMessages(
  database: Database,
  id: string,
): Promise<(ToldMessage & { readonly channel: string })[]> {
  const rows = await all<{ channel: string; body: string }>(
    database,
    `select channel, body from keysweep.alert
     where type like 'review.%' and body like '%${id}%' order by place`,
  );
  return rows.map(({ channel, body }) => ({ channel, ...(JSON.parse(body) as ToldMessage) }));
}
