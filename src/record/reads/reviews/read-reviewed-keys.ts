import { sql } from 'kysely';
import { z } from 'zod';
import type {
  ListedForReview,
  ReviewAnswer,
  ReviewDecision,
  ReviewDecisionWord,
  ReviewedKey,
  ReviewPerson,
} from '../../../report/review/review-model.ts';
import type { Database } from '../../store/database.ts';
import { createCursors } from '../../store/paging/cursor.ts';
import { type Page, type PageAsked, toPage } from '../../store/paging/page.ts';
import { allOf } from '../lists/key-filter.ts';

/** `answer`: only keys with one of these answers. */
export interface ReviewedKeysFilter {
  readonly sheet?: number | undefined;
  readonly places?: readonly number[] | undefined;
  readonly answer?: readonly ReviewAnswer[] | undefined;
}

/** A key of a campaign, with its place in it. */
export interface PlacedKey extends ReviewedKey {
  readonly place: number;
  readonly sheet: number;
}

interface Row {
  readonly place: number;
  readonly sheet: number;
  readonly source: string;
  readonly keyId: string;
  readonly owner: string | null;
  readonly listed: ListedForReview;
  readonly decision: ReviewDecisionWord | null;
  readonly reason: string;
  readonly person: ReviewPerson;
  readonly at: Date;
}

const cursors = createCursors<readonly [sheet: number, place: number]>(
  'reviewed keys',
  z.tuple([z.int32(), z.int32()]),
);

const decided = sql`left join keysweep.review_decision d on d.id = k.decision_id`;

/** A page of the keys of a campaign: owner by owner, in the order of source and key id. */
export async function readReviewedKeysPage(
  { db }: Pick<Database, 'db'>,
  reviewRow: number,
  { sheet, places, answer }: ReviewedKeysFilter,
  { limit, cursor }: PageAsked,
): Promise<Page<PlacedKey>> {
  const after = cursors.read(cursor);
  const conditions = [
    sql`k.review_id = ${reviewRow}`,
    after && sql`(k.sheet, k.place) > (${after[0]}::integer, ${after[1]}::integer)`,
    sheet === undefined ? undefined : sql`k.sheet = ${sheet}`,
    places && sql`k.place = any (${[...places]}::integer[])`,
    answer && sql`coalesce(d.decision, 'unanswered') = any (${[...answer]}::text[])`,
  ].flatMap((condition) => condition ?? []);
  // The page comes first: else the planner may sort all keys of the campaign for each of them.
  const found = await sql<Row>`
    with page as materialized (
      select k.* from keysweep.review_key k
      ${answer === undefined ? sql`` : decided} where ${allOf(conditions)}
      order by k.sheet, k.place limit ${limit + 1}
    )
    select k.place, k.sheet, k.source, k.key_text as "keyId", s.owner, k.listed, d.decision,
      d.reason, d.decided_as as person, d.decided_at as at
    from page k
    join keysweep.review_sheet s on s.review_id = k.review_id and s.sheet = k.sheet
    ${decided} order by k.sheet, k.place
  `.execute(db);
  return toPage(found.rows, limit, toKey, ({ sheet: last, place }) => cursors.write([last, place]));
}

const atOnce = 1_000;

/** Every key of a campaign, read a part at a time. */
export async function* readReviewedKeys(
  database: Pick<Database, 'db'>,
  reviewRow: number,
): AsyncIterable<PlacedKey> {
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const asked = { limit: atOnce, cursor };
    const page: Page<PlacedKey> = await readReviewedKeysPage(database, reviewRow, {}, asked);
    yield* page.items;
    cursor = page.next;
  }
}

function toKey(row: Row): PlacedKey {
  const { place, sheet, source, keyId, owner, listed } = row;
  return { place, sheet, source, keyId, owner, listed, decision: toDecision(row) };
}

function toDecision(row: Row): ReviewDecision | null {
  const { decision, reason, person, at } = row;
  return decision === null ? null : { decision, reason, person, at };
}
