import { reviews } from '../../../operations/reviews/reviews.ts';
import { asListPage, readList } from '../lists/read-list.ts';
import type { PageEntry } from '../page-entry.ts';
import { renderReviews } from './reviews-page.tsx';

const path = '/reviews';
const shownAtOnce = 50;
const filters = ['review', 'status'];

/** `/reviews`: every campaign, newest first. */
export const reviewsPage: PageEntry = {
  path,
  async show({ frame, query }, { operations, config }) {
    const list = await readList({
      ...{ path, query, filters, limit: shownAtOnce },
      input: reviews.input,
      read: (input, asked) => operations.reviews(input).page(asked),
    });
    const configured = config.reviews.map(({ id }) => id);
    return asListPage(renderReviews(frame, { ...list, configured }), list);
  },
};
