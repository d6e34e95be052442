import {
  type PlacedKey,
  readReviewedKeysPage,
} from '../../../record/reads/reviews/read-reviewed-keys.ts';
import type { FoundReview } from '../../../record/reads/reviews/read-reviews.ts';
import type { Database } from '../../../record/store/database.ts';
import type { ReviewSheet } from '../../../report/review/review-model.ts';
import { withQuery } from '../paths.ts';

/** More on one page would not be read. */
const shownAtOnce = 25;

interface Sheet extends FoundReview {
  readonly sheet: ReviewSheet;
}

/** A part of the keys of a sheet, and the ways to the others; `path`: of the page that shows it. */
export async function readSheetPart(
  database: Database,
  { row, sheet }: Sheet,
  path: string,
  query: URLSearchParams,
) {
  const cursor = query.get('cursor') ?? undefined;
  const asked = { limit: shownAtOnce, cursor };
  const page = await readReviewedKeysPage(database, row, { sheet: sheet.sheet }, asked);
  const kept = /^\d{1,4}$/.exec(query.get('kept') ?? '')?.[0];
  return {
    keys: page.items,
    first: cursor === undefined ? undefined : path,
    next: page.next === null ? undefined : withQuery(path, { cursor: page.next }),
    kept: kept === undefined ? undefined : Number(kept),
  };
}

/** The keys of a sheet at these places, which a form names. */
export async function readSheetKeys(
  database: Database,
  { row, sheet }: Sheet,
  places: readonly number[],
): Promise<readonly PlacedKey[]> {
  if (places.length === 0) return [];
  const filter = { sheet: sheet.sheet, places };
  const page = await readReviewedKeysPage(database, row, filter, { limit: places.length });
  return page.items;
}

/** Why nothing can be decided in a campaign; undefined while it is open. */
export function whyClosed({ review }: FoundReview): string | undefined {
  if (review.status === 'open') return undefined;
  const how = review.status === 'closed' ? 'closed' : 'signed off';
  return `This review is ${how}: its answers stay as they are.`;
}
