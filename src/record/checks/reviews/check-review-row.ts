import { canonicalJson, type JsonValue } from '../../../evidence/canonical-json.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { ReviewPerson } from '../../../report/review/review-model.ts';
import type { ReviewRow } from '../../store/review-row.ts';
import { isWrittenWith } from '../written-with.ts';
import type { ToldReview } from './told-review.ts';

type Fields = Readonly<Record<string, JsonValue>>;

/** Compares the row of a campaign with its leaves. */
export function checkReviewRow(told: ToldReview, place: string, note: NoteDifference): void {
  const { row, leaves } = told;
  for (const { n, event, subjects } of leaves) {
    if (event.what !== 'opened') continue;
    const { name, trigger, dueAt, openedAt, answerBy, keys, person: openedBy } = event;
    const was = { name, trigger, dueAt, openedAt, answerBy, keys, openedBy };
    const list = { listedHash: subjects.review ?? null };
    compare({ ...was, ...list }, openingOf(row), { leaf: n, place }, note);
  }
  const closed = { at: row.closedAt, by: row.closedBy, reason: row.closedReason };
  const signed = { at: row.signedAt, by: row.signedBy, reason: row.signedReason };
  checkEnd(told, 'closed', closed, place, note);
  checkEnd(told, 'signed-off', signed, place, note);
}

function openingOf(row: ReviewRow): Fields {
  const { review, trigger, dueAt, openedAt, answerBy, keys, openedBy, listedHash } = row;
  return {
    ...{ name: review, trigger, keys, listedHash, openedBy: toJson(openedBy) },
    dueAt: dueAt?.toISOString() ?? null,
    openedAt: openedAt.toISOString(),
    answerBy: answerBy.toISOString(),
  };
}

/** How a campaign ended, as its row has it. */
interface KeptEnd {
  readonly at: Date | null;
  readonly by: ReviewPerson | null;
  readonly reason: string | null;
}

function checkEnd(
  { leaves, pinned }: ToldReview,
  what: 'closed' | 'signed-off',
  { at, by, reason: kept }: KeptEnd,
  place: string,
  note: NoteDifference,
): void {
  const leaf = leaves.find(({ event }) => event.what === what);
  if (leaf === undefined) {
    if (at !== null) note({ code: 'review-field', place, field: what, was: 'no', is: 'yes' });
    return;
  }
  if (leaf.event.what !== 'closed' && leaf.event.what !== 'signed-off') return;
  const where = { leaf: leaf.n, place };
  if (at === null) {
    note({ code: 'review-field', ...where, field: what, was: 'yes', is: 'no' });
    return;
  }
  const { person, reason } = leaf.event;
  const is = { by: toJson(by), reason: kept };
  compare({ by: toJson(person), reason }, is, { ...where, of: what }, note);
  if (isWrittenWith(leaf, at, { pinned })) return;
  const times = { was: leaf.event.at, is: at.toISOString() };
  note({ code: 'review-field', ...where, field: `${what} at`, ...times });
}

interface Where {
  readonly leaf: number;
  readonly place: string;
  /** Of which step. */
  readonly of?: string;
}

function compare(was: Fields, is: Fields, { of, ...where }: Where, note: NoteDifference): void {
  for (const [field, value] of Object.entries(was)) {
    const [told, kept] = [value, is[field] ?? null].map(canonicalJson);
    if (told === kept) continue;
    const name = of === undefined ? field : `${of} ${field}`;
    note({ code: 'review-field', ...where, field: name, was: told, is: kept });
  }
}

function toJson(person: object | null): JsonValue {
  return person as unknown as JsonValue;
}
