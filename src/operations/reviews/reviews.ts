import { z } from 'zod';
import {
  readReviewedKeys,
  readReviewedKeysPage,
} from '../../record/reads/reviews/read-reviewed-keys.ts';
import { readReview, readReviewsPage } from '../../record/reads/reviews/read-reviews.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import { contentPolicy } from '../../report/html/page.tsx';
import {
  readListedReview,
  readReviewedKey,
  readReviewJson,
} from '../../report/review/read-review-json.ts';
import { renderReviewCsv } from '../../report/review/render-review-csv.ts';
import { renderReviewHtml } from '../../report/review/render-review-html.tsx';
import {
  listedReviewRow,
  renderReviewJson,
  reviewedKeyRow,
} from '../../report/review/render-review-json.ts';
import { renderReviewTable } from '../../report/review/render-review-table.ts';
import { type ReviewSource, reviewAnswers } from '../../report/review/review-model.ts';
import { absentId } from '../../text/id-beginning.ts';
import { several } from '../answers.ts';
import { names } from '../filters.ts';
import { defineList, defineOperation } from '../operation.ts';
import { listedReviewShape, reviewedKeyShape, reviewShape } from '../shapes/reviews.ts';

/** Campaigns, newest first. */
export const reviews = defineList({
  about: 'Lists the campaigns of access reviews, newest first.',
  access: 'read',
  method: 'GET',
  path: 'reviews',
  input: z.strictObject({
    review: names,
    status: several(z.enum(['open', 'closed', 'signed-off']))
      .readonly()
      .optional(),
  }),
  shape: listedReviewShape,
  items: {
    write: listedReviewRow,
    read: (json) => readListedReview(json as Parameters<typeof readListedReview>[0]),
  },
  run: ({ database }, filter, asked) => readReviewsPage(database, filter, asked),
});

const tableColumns = 120;

/** A campaign with all its keys, by the beginning of its id. */
export const review = defineOperation({
  about: 'Reports a campaign of an access review, with every key and decision.',
  access: 'read',
  method: 'GET',
  path: 'reviews/{id}',
  input: z.strictObject({ id: z.string().max(100) }),
  shape: reviewShape,
  answer: {
    write: renderReviewJson,
    read: (json) => readReviewJson(json as Parameters<typeof readReviewJson>[0]),
    name: ({ id }: ReviewSource) => `keysweep-review-${id}`,
    forms: {
      csv: { type: 'text/csv', extension: 'csv', write: renderReviewCsv },
      html: {
        type: 'text/html',
        extension: 'html',
        headers: { 'content-security-policy': `${contentPolicy}; frame-ancestors 'none'` },
        write: renderReviewHtml,
      },
      table: {
        type: 'text/plain',
        extension: 'txt',
        write: (source: ReviewSource) =>
          renderReviewTable(source, { color: false, columns: tableColumns, explain: false }),
      },
    },
  },
  async run({ database }, { id }): Promise<ReviewSource | undefined> {
    const found = await readReview(database, id);
    if (found === undefined) return undefined;
    return { ...found.review, reviewed: () => readReviewedKeys(database, found.row) };
  },
});

/** The keys of a campaign, owner by owner. */
export const reviewKeys = defineList({
  about: 'Lists the keys of a campaign of an access review, with the decision on each.',
  access: 'read',
  method: 'GET',
  path: 'reviews/{id}/keys',
  input: z.strictObject({
    id: z.string().max(100),
    sheet: z.coerce.number().int().min(0).optional(),
    answer: several(z.enum(reviewAnswers)).readonly().optional(),
  }),
  shape: reviewedKeyShape,
  items: {
    write: reviewedKeyRow,
    read: (json) => readReviewedKey(json as Parameters<typeof readReviewedKey>[0]),
  },
  async run({ database }, { id, ...filter }, asked) {
    const found = await readReview(database, id);
    if (found === undefined) throw new RequestRefused(absentId('review', id), 'filter');
    return readReviewedKeysPage(database, found.row, filter, asked);
  },
});
