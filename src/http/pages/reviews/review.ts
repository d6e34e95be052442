import { mayDecide } from '../../../operations/reviews/reviewer.ts';
import { readReview } from '../../../record/reads/reviews/read-reviews.ts';
import { asPage, type PageEntry } from '../page-entry.ts';
import { renderReview } from './review-page.tsx';

/** `/reviews/{id}`: how far a campaign has come, who is asked, and how it ends. */
export const reviewPage: PageEntry = {
  path: '/reviews/:id',
  async show({ frame, params }, { database, config }) {
    const found = await readReview(database, params['id'] ?? '');
    if (found === undefined) return undefined;
    const { caller } = frame;
    const own = found.review.sheets
      .filter((sheet) => caller !== undefined && mayDecide(caller, sheet, config.owners))
      .map(({ sheet }) => sheet);
    return asPage(renderReview(frame, found.review, new Set(own)));
  },
};
