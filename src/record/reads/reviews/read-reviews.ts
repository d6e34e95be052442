import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type {
  ListedReview,
  Review,
  ReviewReviewer,
  ReviewSheet,
} from '../../../report/review/review-model.ts';
import type { Database, Records, RecordsTransaction } from '../../store/database.ts';
import { findReview } from '../../store/find-by-beginning.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { type ReviewRow, reviewColumns } from '../../store/review-row.ts';
import { allOf, anyOf } from '../lists/key-filter.ts';

type Db = Records | RecordsTransaction;

/** Each list holds alternatives. */
export interface ReviewsFilter {
  readonly review?: readonly string[] | undefined;
  readonly status?: readonly ListedReview['status'][] | undefined;
}

interface Row extends ReviewRow {
  readonly passedOver: number;
  readonly keep: number;
  readonly reduce: number;
  readonly revoke: number;
  readonly notMine: number;
}

const columns = sql`${reviewColumns}, r.passed_over as "passedOver",
  d.keep, d.reduce, d.revoke, d."notMine"`;

/**
 * The decisions that count, by what they say. The review of a decision is told too: PostgreSQL read
 * the decisions of all reviews for each.
 */
const counted = sql`cross join lateral (
  select count(*) filter (where d.decision = 'keep')::integer as keep,
    count(*) filter (where d.decision = 'reduce')::integer as reduce,
    count(*) filter (where d.decision = 'revoke')::integer as revoke,
    count(*) filter (where d.decision = 'not-mine')::integer as "notMine"
  from keysweep.review_key k
  join keysweep.review_decision d on d.id = k.decision_id and d.review_id = k.review_id
  where k.review_id = r.id
) d`;

const cursors = createCursors<readonly [number]>('reviews', z.tuple([z.int32()]));

/** A page of campaigns, newest first. */
export async function readReviewsPage(
  { db }: Database,
  { review, status }: ReviewsFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<ListedReview>> {
  const place = cursors.read(cursor);
  const conditions = [
    place && sql`r.id < ${place[0]}`,
    review && sql`r.review = ${anyOf(review)}`,
    status && sql`${statusInSql} = ${anyOf(status)}`,
  ].flatMap((condition) => condition ?? []);
  const rows = await readRows(
    db,
    sql`where ${allOf(conditions)} order by r.id desc limit ${limit + 1}`,
  );
  return toPage(rows, limit, toListed, ({ place: last }) => cursors.write([last]));
}

const statusInSql = sql`case when r.signed_at is not null then 'signed-off'
  when r.closed_at is not null then 'closed' else 'open' end`;

async function readRows(db: Db, which: RawBuilder<unknown>): Promise<readonly Row[]> {
  const found = await sql<Row>`
    with page as materialized (select * from keysweep.review r ${which})
    select ${columns} from page r ${counted} order by r.id desc
  `.execute(db);
  return found.rows;
}

function toListed(row: Row): ListedReview {
  const { closedAt, keys, keep, reduce, revoke, notMine } = row;
  const signature = signatureOf(row);
  const unanswered = keys - keep - reduce - revoke - notMine;
  return {
    id: row.id,
    review: row.review,
    trigger: row.trigger,
    dueAt: row.dueAt,
    passedOver: row.passedOver,
    openedAt: row.openedAt,
    openedBy: row.openedBy,
    answerBy: row.answerBy,
    status: signature !== null ? 'signed-off' : closedAt !== null ? 'closed' : 'open',
    closedAt,
    closedBy: row.closedBy,
    closedReason: row.closedReason,
    signature,
    keys,
    answers: { keep, reduce, revoke, 'not-mine': notMine, unanswered },
  };
}

function signatureOf({ signedAt: at, signedBy: person, signedReason: reason }: Row) {
  return at === null || person === null ? null : { person, at, reason: reason ?? '' };
}

/** A campaign, and its row in the records. */
export interface FoundReview {
  readonly row: number;
  readonly review: Review;
}

/** The campaign whose id begins so; undefined if there is none. */
export async function readReview(
  { db }: Pick<Database, 'db'>,
  beginning: string,
): Promise<FoundReview | undefined> {
  const named = await findReview(db, beginning);
  return named === undefined ? undefined : readReviewOf(db, named.row);
}

/** The campaign with this row. */
export async function readReviewOf(db: Db, row: number): Promise<FoundReview | undefined> {
  const [found] = await readRows(db, sql`where r.id = ${row}`);
  if (found === undefined) return undefined;
  const sheets = await readSheets(db, row);
  return { row, review: { ...toListed(found), listedHash: found.listedHash, sheets } };
}

/** The keys of one owner in a campaign, with what a page of them says of the campaign. */
export interface FoundSheet {
  readonly row: number;
  readonly review: Pick<ListedReview, 'id' | 'review' | 'openedAt' | 'answerBy' | 'status'>;
  readonly sheet: ReviewSheet;
}

/** One sheet of the campaign with this row, without a count of all its answers. */
export async function readSheet(
  db: Db,
  row: number,
  number: number,
): Promise<FoundSheet | undefined> {
  const [sheet] = await readSheets(db, row, [number]);
  const found = await sql<FoundSheet['review']>`
    select uuid as id, review, opened_at as "openedAt", answer_by as "answerBy",
      ${statusInSql} as status
    from keysweep.review r where id = ${row}
  `.execute(db);
  const [review] = found.rows;
  return sheet === undefined || review === undefined ? undefined : { row, review, sheet };
}

/** `only`: the numbers of those to read; by default, all. */
export async function readSheets(
  db: Db,
  row: number,
  only?: readonly number[],
): Promise<readonly ReviewSheet[]> {
  const which = only === undefined ? sql`` : sql`and sheet = any (${[...only]}::integer[])`;
  const sheets = await sql<Omit<ReviewSheet, 'reviewers'>>`
    select sheet, owner, keys, answered from keysweep.review_sheet
    where review_id = ${row} ${which} order by sheet
  `.execute(db);
  const links = await sql<ReviewReviewer & { readonly sheet: number }>`
    select sheet, name, mail, withdrawn_at as "withdrawnAt" from keysweep.review_link
    where review_id = ${row} ${which} order by sheet, name collate "C"
  `.execute(db);
  const reviewers = new Map<number, ReviewReviewer[]>();
  for (const { sheet, ...reviewer } of links.rows) {
    const its = reviewers.get(sheet);
    if (its === undefined) reviewers.set(sheet, [reviewer]);
    else its.push(reviewer);
  }
  return sheets.rows.map((sheet) => ({ ...sheet, reviewers: reviewers.get(sheet.sheet) ?? [] }));
}
