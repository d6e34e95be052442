import { sql } from 'kysely';
import type { ReviewConfig } from '../../config/reviews/reviews-config.ts';
import type { ReviewPerson } from '../../report/review/review-model.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { RequestRefused } from '../store/errors.ts';
import { decideDue, describeEvery, wasSetBack } from './decide-due.ts';
import { lockReviewSchedule, type OpenedReview, openReview } from './open-review.ts';
import type { NoticeTerms } from './write-notices.ts';

/** Opens a campaign because somebody asks for it. Throws `RequestRefused` if no key matches. */
export async function startReview(
  database: Database,
  review: ReviewConfig,
  terms: NoticeTerms,
  openedBy: ReviewPerson,
): Promise<OpenedReview> {
  return database.transactLong(async (tx) => {
    await lockReviewSchedule(tx, review.id);
    const opening = { trigger: 'request', dueAt: null, passedOver: 0, openedBy } as const;
    const at = await readNow(tx);
    const started = await openReview(tx, review, terms, { ...opening, at });
    if (started === undefined || started.keys === 0) {
      const why = 'no tracked key matches; keysweep sweep reads the inventory and audits its keys';
      throw new RequestRefused(`review ${review.id}: ${why}`);
    }
    return started;
  });
}

/**
 * Opens the campaign of a review if one is due, one process at a time. A review that is seen for the
 * first time, or whose schedule has changed, counts from now on.
 */
export async function openDueReview(
  database: Database,
  review: ReviewConfig,
  terms: NoticeTerms,
): Promise<OpenedReview | undefined> {
  const { id, every } = review;
  if (every === undefined) return undefined;
  return database.transactLong(async (tx) => {
    await lockReviewSchedule(tx, id);
    const state = await readState(tx, id, describeEvery(every));
    if (wasSetBack(state)) {
      await decideUntil(tx, id, state.now);
      return undefined;
    }
    const due = decideDue({ every, ...state });
    if (due === undefined) return undefined;
    await decideUntil(tx, id, due.dueAt);
    return openReview(tx, review, terms, { ...due, openedBy: null, at: state.now });
  });
}

interface State {
  readonly decidedUntil: Date;
  readonly lastOpenedAt: Date | null;
  readonly now: Date;
}

async function readState(tx: RecordsTransaction, review: string, spec: string): Promise<State> {
  await sql`
    insert into keysweep.review_schedule as s (review, spec, first_seen_at, decided_until)
    values (${review}, ${spec}, clock_timestamp(), clock_timestamp())
    on conflict (review) do update set spec = excluded.spec,
      first_seen_at = excluded.first_seen_at, decided_until = excluded.decided_until
    where s.spec <> excluded.spec
  `.execute(tx);
  const found = await sql<State>`
    select decided_until as "decidedUntil", clock_timestamp() as now, (
      select max(opened_at) from keysweep.review r
      where r.review = s.review and opened_at <= clock_timestamp()
    ) as "lastOpenedAt"
    from keysweep.review_schedule s where review = ${review}
  `.execute(tx);
  return found.rows[0] as State;
}

async function decideUntil(tx: RecordsTransaction, review: string, until: Date): Promise<void> {
  await sql`
    update keysweep.review_schedule set decided_until = ${until} where review = ${review}
  `.execute(tx);
}

async function readNow(tx: RecordsTransaction): Promise<Date> {
  const found = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
  return found.rows[0]?.now ?? new Date(0);
}
