import { canonicalJson, type JsonValue } from '../../../evidence/canonical-json.ts';
import type { NoteDifference } from '../../../evidence/differences/difference.ts';
import type { ReviewPerson } from '../../../report/review/review-model.ts';
import type { ReviewLeaf } from '../log-story.ts';
import type { ReviewRow, ToldReview } from './told-review.ts';

type Fields = Readonly<Record<string, JsonValue>>;

/** Compares the row of a campaign with its leaves. */
export function checkReviewRow(
  { row, leaves, size }: ToldReview,
  place: string,
  note: NoteDifference,
): void {
  for (const { n, event, subjects } of leaves) {
    if (event.what !== 'opened') continue;
    const { name, trigger, dueAt, openedAt, answerBy, keys, person: openedBy } = event;
    const was = { name, trigger, dueAt, openedAt, answerBy, keys, openedBy };
    const list = { listedHash: subjects.review ?? null };
    compare({ ...was, ...list }, openingOf(row), { leaf: n, place }, note);
  }
  checkEnd(
    leaves,
    'closed',
    endOf(row.closed, row.closedBy, row.closedReason),
    { size, place },
    note,
  );
  checkEnd(
    leaves,
    'signed-off',
    endOf(row.signed, row.signedBy, row.signedReason),
    { size, place },
    note,
  );
}

function openingOf(row: ReviewRow): Fields {
  const { name, trigger, dueAt, openedAt, answerBy, keys, openedBy, listedHash } = row;
  return {
    ...{ name, trigger, keys, listedHash, openedBy: toJson(openedBy) },
    dueAt: dueAt?.toISOString() ?? null,
    openedAt: openedAt.toISOString(),
    answerBy: answerBy.toISOString(),
  };
}

function endOf(isEnded: boolean, by: ReviewPerson | null, reason: string | null) {
  return isEnded ? { by: toJson(by), reason } : undefined;
}

function checkEnd(
  leaves: readonly ReviewLeaf[],
  what: 'closed' | 'signed-off',
  is: Fields | undefined,
  { size, place }: { readonly size: number; readonly place: string },
  note: NoteDifference,
): void {
  const leaf = leaves.find(({ event }) => event.what === what);
  if (leaf === undefined) {
    if (is !== undefined) note({ code: 'review-field', place, field: what, was: 'no', is: 'yes' });
    return;
  }
  if (leaf.event.what !== 'closed' && leaf.event.what !== 'signed-off') return;
  const where = { leaf: leaf.n, place };
  if (is === undefined) {
    if (leaf.n < size) note({ code: 'review-field', ...where, field: what, was: 'yes', is: 'no' });
    return;
  }
  const { person, reason } = leaf.event;
  compare({ by: toJson(person), reason }, is, { ...where, of: what }, note);
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
