import { mayDecide } from '../../../operations/reviews/reviewer.ts';
import { readReview } from '../../../record/reads/reviews/read-reviews.ts';
import type { Review } from '../../../report/review/review-model.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { pathOfReview, withQuery } from '../paths.ts';
import { renderReview } from './review-page.tsx';

/** `/reviews/{id}`: how far a campaign has come, who is asked, and how it ends. */
export const reviewPage: PageEntry = {
  path: '/reviews/:id',
  async show({ frame, params, query }, { database, config }) {
    const found = await readReview(database, params['id'] ?? '');
    if (found === undefined) return undefined;
    const { caller } = frame;
    const { review } = found;
    const own = review.sheets.filter(
      (sheet) => caller !== undefined && mayDecide(caller, sheet, config.owners),
    );
    return asPage(renderReview(frame, { review, own, ...planOwners(review, query) }));
  },
};

/** More on one page would not be read. */
const ownersAtOnce = 100;

/** A part of the owners, and the ways to the others. */
function planOwners({ id, sheets }: Review, query: URLSearchParams) {
  const after = /^\d{1,9}$/.exec(query.get('after') ?? '')?.[0];
  const from = sheets.findIndex(({ sheet }) => sheet > Number(after ?? -1));
  const rest = from < 0 ? [] : sheets.slice(from);
  const shown = rest.slice(0, ownersAtOnce);
  const last = shown.at(-1);
  const path = pathOfReview(id);
  return {
    sheets: shown,
    first: after === undefined ? undefined : path,
    next:
      last === undefined || rest.length === shown.length
        ? undefined
        : withQuery(path, { after: String(last.sheet) }),
  };
}
