import {
  type PlacedKey,
  readReviewedKeysPage,
} from '../../../record/reads/reviews/read-reviewed-keys.ts';
import { type FoundSheet, readSheet } from '../../../record/reads/reviews/read-reviews.ts';
import type { Database } from '../../../record/store/database.ts';
import { findReview } from '../../../record/store/find-by-beginning.ts';
import type { FormFields } from '../forms/form-fields.ts';
import { withQuery } from '../paths.ts';

/** More on one page would not be read. */
const shownAtOnce = 25;

/** The sheet of this number in the campaign whose id begins so. */
export async function findSheet(
  { db }: Database,
  review: string,
  number: string,
): Promise<FoundSheet | undefined> {
  const named = await findReview(db, review);
  if (named === undefined || !/^\d{1,9}$/.test(number)) return undefined;
  return readSheet(db, named.row, Number(number));
}

const placeField = 'cursor';
const longestPlace = 500;

/** The ways back to the keys that a form was about; `path`: of their sheet. */
export function pathBack(path: string, form: FormFields) {
  const cursor = form.one(placeField);
  const isPlace = cursor !== undefined && cursor.length <= longestPlace;
  const hidden: Readonly<Record<string, string>> = isPlace ? { [placeField]: cursor } : {};
  return {
    hidden,
    back: withQuery(path, hidden),
    /** With how many answers were kept. */
    after: (kept: number) => withQuery(path, { ...hidden, kept: String(kept) }),
  };
}

/** A part of the keys of a sheet, and the ways to the others; `path`: of the page that shows it. */
export async function readSheetPart(
  database: Database,
  { row, sheet }: FoundSheet,
  path: string,
  query: URLSearchParams,
) {
  const cursor = query.get('cursor') ?? undefined;
  const asked = { limit: shownAtOnce, cursor };
  const page = await readReviewedKeysPage(database, row, { sheet: sheet.sheet }, asked);
  const kept = /^\d{1,4}$/.exec(query.get('kept') ?? '')?.[0];
  return {
    keys: page.items,
    // The form carries it, so that its answer leads back to these keys.
    place: cursor === undefined ? {} : { [placeField]: cursor },
    first: cursor === undefined ? undefined : path,
    next: page.next === null ? undefined : withQuery(path, { cursor: page.next }),
    kept: kept === undefined ? undefined : Number(kept),
  };
}

/** The keys of a sheet at these places, which a form names. */
export async function readSheetKeys(
  database: Database,
  { row, sheet }: FoundSheet,
  places: readonly number[],
): Promise<readonly PlacedKey[]> {
  if (places.length === 0) return [];
  const filter = { sheet: sheet.sheet, places };
  const page = await readReviewedKeysPage(database, row, filter, { limit: places.length });
  return page.items;
}

/** Why nothing can be decided in a campaign; undefined while it is open. */
export function whyClosed({ review }: FoundSheet): string | undefined {
  if (review.status === 'open') return undefined;
  const how = review.status === 'closed' ? 'closed' : 'signed off';
  return `This review is ${how}: its answers stay as they are.`;
}
