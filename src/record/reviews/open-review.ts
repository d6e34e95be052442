import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { ReviewConfig } from '../../config/reviews/reviews-config.ts';
import { compileMatch } from '../../evaluate/policy/match.ts';
import type { JsonValue } from '../../evidence/canonical-json.ts';
import type { ListedReview, ReviewPerson } from '../../report/review/review-model.ts';
import { listEnd, listedEntry, listStart } from '../log/read-review-list.ts';
import type { WrittenAlert } from '../outbox/write-alerts.ts';
import type { RecordsTransaction } from '../store/database.ts';
import {
  findListed,
  type KeyToReview,
  keysAtOnce,
  readListed,
  type WantedKey,
} from './list-keys.ts';
import { lockReview } from './lock-review.ts';
import { logOpened } from './log-review.ts';
import { openedNotice } from './plan-notices.ts';
import { type PlannedSheet, planSheets } from './plan-sheets.ts';
import { askReviewers, escalate, keepNotices, type NoticeTerms } from './write-notices.ts';

/** Why a campaign opens. `dueAt` is null where somebody asked for it. */
export interface Opening {
  readonly trigger: ListedReview['trigger'];
  readonly dueAt: Date | null;
  readonly passedOver: number;
  readonly openedBy: ReviewPerson | null;
  readonly at: Date;
}

/** A campaign that has just opened. `row`: its id in the records. */
export interface OpenedReview {
  readonly row: number;
  readonly id: string;
  readonly keys: number;
  readonly alerts: readonly WrittenAlert[];
}

/** What openings of one review wait for, so that two cannot open the same one. */
export async function lockReviewSchedule(tx: RecordsTransaction, review: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`keysweep.review.${review}`}))`.execute(tx);
}

/**
 * Opens a campaign over the keys that match now, as they are now. Undefined if the one for this due
 * instant has opened already. The caller has locked the schedule of the review.
 */
export async function openReview(
  tx: RecordsTransaction,
  review: ReviewConfig,
  terms: NoticeTerms,
  opening: Opening,
): Promise<OpenedReview | undefined> {
  const written = await writeReview(tx, review, opening);
  if (written === undefined) return undefined;
  const { row } = written;
  const wanted = await findListed(tx, compileMatch(review.of));
  const sheets = planSheets(wanted, { reviewers: review.reviewers, ...terms });
  const sheetOf = await writeSheets(tx, row, sheets);
  const list = { keys: wanted.length, hash: await writeKeys(tx, row, wanted, sheetOf) };
  await keepList(tx, row, list);
  const locked = await lockReview(tx, row);
  await keepNotices(tx, locked, [openedNotice]);
  const alerts = [
    ...(await askReviewers(tx, locked, false, terms)),
    ...(await escalate(tx, locked, list.keys === 0 ? 'no-key' : 'nobody-to-ask', terms)),
  ];
  await logOpened(tx, locked, list.hash);
  return { ...written, keys: list.keys, alerts };
}

/** Its list is empty at first. */
async function writeReview(
  tx: RecordsTransaction,
  review: ReviewConfig,
  { trigger, dueAt, passedOver, openedBy, at }: Opening,
): Promise<Pick<OpenedReview, 'row' | 'id'> | undefined> {
  const { id, dueMs } = review;
  const found = await sql<{ row: number; id: string }>`
    insert into keysweep.review (review, trigger, due_at, passed_over, opened_at, opened_as,
      answer_by, terms, keys, listed_hash)
    values (${id}, ${trigger}, ${dueAt}, ${passedOver}, ${at}, ${openedBy === null ? null : JSON.stringify(openedBy)},
      ${new Date(at.getTime() + dueMs)}, ${JSON.stringify(review)},
      0, '')
    on conflict (review, due_at) do nothing returning id as row, uuid as id
  `.execute(tx);
  return found.rows[0];
}

/** Returns the number of the sheet of each owner. */
async function writeSheets(
  tx: RecordsTransaction,
  row: number,
  sheets: readonly PlannedSheet<WantedKey>[],
): Promise<ReadonlyMap<string | null, number>> {
  if (sheets.length > 0) {
    const rows = sheets.map(({ owner, keys }, sheet) => ({ sheet, owner, keys: keys.length }));
    await sql`
      insert into keysweep.review_sheet (review_id, sheet, owner, keys)
      select ${row}, sheet, owner, keys from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as n (sheet integer, owner text, keys integer)
    `.execute(tx);
    const links = sheets.flatMap(({ reviewers }, sheet) =>
      reviewers.map(({ name, mail }) => ({ sheet, name, mail })),
    );
    await sql`
      insert into keysweep.review_link (review_id, sheet, name, mail)
      select ${row}, sheet, name, mail from jsonb_to_recordset(${JSON.stringify(links)}::jsonb)
        as n (sheet integer, name text, mail text)
    `.execute(tx);
  }
  return new Map(sheets.map(({ owner }, sheet) => [owner, sheet]));
}

/** Returns the hash of the list. A part at a time: nothing holds what is known of all keys. */
async function writeKeys(
  tx: RecordsTransaction,
  row: number,
  wanted: readonly WantedKey[],
  sheetOf: ReadonlyMap<string | null, number>,
): Promise<string> {
  const hash = createHash('sha256').update(listStart);
  for (let from = 0; from < wanted.length; from += keysAtOnce) {
    const some = wanted.slice(from, from + keysAtOnce);
    const keys = withOwners(await readListed(tx, some), some);
    const rows = keys.map(({ row: key_id, source, keyId, owner, listed }, n) => ({
      ...{ place: from + n, sheet: sheetOf.get(owner), key_id, source, key_text: keyId, listed },
    }));
    await sql`
      insert into keysweep.review_key (review_id, place, sheet, key_id, source, key_text, listed)
      select ${row}, place, sheet, key_id, source, key_text, listed
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n
        (place integer, sheet integer, key_id integer, source text, key_text text, listed jsonb)
    `.execute(tx);
    for (const [n, key] of keys.entries()) hash.update(listedEntry(from + n, toEntry(key)));
  }
  return hash.update(listEnd).digest('hex');
}

/** With the owners that they had when the sheets were planned. */
function withOwners(keys: readonly KeyToReview[], wanted: readonly WantedKey[]) {
  const owners = new Map(wanted.map(({ row, owner }) => [row, owner]));
  return keys.map((key) => ({ ...key, owner: owners.get(key.row) ?? null }));
}

function toEntry({ source, keyId, owner, listed }: KeyToReview): JsonValue {
  return { source, keyId, owner, listed: listed as unknown as JsonValue };
}

async function keepList(
  tx: RecordsTransaction,
  row: number,
  { keys, hash }: { readonly keys: number; readonly hash: string },
): Promise<void> {
  await sql`
    update keysweep.review set keys = ${keys}, listed_hash = ${Buffer.from(hash, 'hex')}
    where id = ${row}
  `.execute(tx);
}
