import { sql } from 'kysely';
import type { Config } from '../../config/config.ts';
import type { ReviewConfig } from '../../config/reviews/reviews-config.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { type LockedReview, lockReview } from './lock-review.ts';
import { planNotices } from './plan-notices.ts';
import { openDueReview } from './start-review.ts';
import {
  askReviewers,
  escalate,
  keepNotices,
  type NoticeTerms,
  readNotices,
} from './write-notices.ts';

/** What the time brought: how many campaigns opened, and the alerts to send. */
export interface FollowedReviews {
  readonly opened: number;
  readonly alerts: readonly WrittenAlert[];
}

/**
 * Opens the campaigns that are due, and writes the reminders and escalations of the open ones. Every
 * process may do so at any time: each of these happens once.
 */
export async function followReviews(
  database: Database,
  { reviews, owners }: Pick<Config, 'reviews' | 'owners'>,
  alerting: Alerting,
): Promise<FollowedReviews> {
  const terms = { owners, alerting };
  const alerts: WrittenAlert[] = [];
  let opened = 0;
  for (const review of reviews) {
    const started = await openDueReview(database, review, terms);
    if (started === undefined) continue;
    opened += 1;
    alerts.push(...started.alerts);
  }
  const now = { ...terms, reviews };
  for (const row of await readOpen(database)) {
    alerts.push(...(await database.transact((tx) => noticeOne(tx, row, now))));
  }
  return { opened, alerts };
}

/** What is configured now, which may differ from what a campaign opened with. */
interface PresentTerms extends NoticeTerms {
  readonly reviews: readonly ReviewConfig[];
}

async function readOpen({ db }: Database): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from keysweep.review where closed_at is null order by id
  `.execute(db);
  return rows.map(({ id }) => id);
}

async function noticeOne(
  tx: RecordsTransaction,
  row: number,
  terms: PresentTerms,
): Promise<readonly WrittenAlert[]> {
  const review = await lockReview(tx, row);
  if (review.closedAt !== null) return [];
  const written = await readNotices(tx, review);
  const { answerBy, now, terms: said } = review;
  const { remind, escalate: late, done } = planNotices({ answerBy, now, written, ...said });
  await keepNotices(tx, review, done);
  return [
    ...(remind ? await askReviewers(tx, review, true, terms) : []),
    ...(late ? await escalate(tx, withChannel(review, terms), 'overdue', terms) : []),
  ];
}

/** Where the channel that the campaign opened with is gone, late answers go to that of the review. */
function withChannel(review: LockedReview, { reviews, alerting }: PresentTerms): LockedReview {
  const { terms, review: name } = review;
  if (terms.escalateTo === undefined || alerting.formats.has(terms.escalateTo)) return review;
  const escalateTo = reviews.find(({ id }) => id === name)?.escalateTo;
  return { ...review, terms: { ...terms, escalateTo } };
}

/** Reminds the reviewers now, because somebody asks for it. Throws `RequestRefused` if it is closed. */
export async function remindReviewers(
  database: Database,
  row: number,
  terms: NoticeTerms,
): Promise<readonly WrittenAlert[]> {
  return database.transact(async (tx) => {
    const review = await lockReview(tx, row);
    if (review.closedAt !== null) throw new RequestRefused('this review is closed');
    return askReviewers(tx, review, true, terms);
  });
}
