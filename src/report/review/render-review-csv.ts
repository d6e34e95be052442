import { instantCell, listCell } from '../csv/cells.ts';
import { type Columns, writeRows } from '../csv/write-rows.ts';
import { describeWay } from './describe-review-person.ts';
import type { ListedReview, ReviewedKey, ReviewSource } from './review-model.ts';

interface Row extends ReviewedKey {
  readonly review: ReviewSource;
}

const date = (text: string | null | undefined) =>
  text === undefined || text === null ? undefined : instantCell(new Date(text));

/** Who, and how they were known. */
const way = ({ decision }: Row) => decision && describeWay(decision.person);

const columns: Columns<Row> = {
  answer: ({ decision }) => decision?.decision ?? 'unanswered',
  owner: ({ owner }) => owner,
  source: ({ source }) => source,
  key_id: ({ keyId }) => keyId,
  name: ({ listed }) => listed.name,
  environment: ({ listed }) => listed.environment,
  key_type: ({ listed }) => listed.type,
  scopes: ({ listed }) => listCell(listed.scopes),
  created_on_utc: ({ listed }) => date(listed.createdOn),
  last_used_utc: ({ listed }) => (listed.lastUsed === null ? 'never' : date(listed.lastUsed)),
  last_four: ({ listed }) => listed.lastFour,
  tags: ({ listed }) => listCell(listed.tags),
  verdict: ({ listed }) => listed.verdict,
  findings: ({ listed }) => listCell(listed.findings.map(({ rule }) => rule)),
  reason: ({ decision }) => decision?.reason,
  decided_by: ({ decision }) => decision?.person.by,
  decided_by_way: way,
  decided_at_utc: ({ decision }) => instantCell(decision?.at),
  link_sent_to: ({ decision }) => decision?.person.sentTo,
  review: ({ review }) => review.review,
  review_id: ({ review }) => review.id,
  opened_at_utc: ({ review }) => instantCell(review.openedAt),
  signed_off_by: ({ review }) => review.signature?.person.by,
  signed_off_by_way: ({ review }) => review.signature && describeWay(review.signature.person),
  signed_off_at_utc: ({ review }) => instantCell(review.signature?.at),
};

/** Renders a campaign as CSV, one row a key. */
export function renderReviewCsv(review: ReviewSource): AsyncIterable<string> {
  const rows = async function* (): AsyncIterable<Row> {
    for await (const key of review.reviewed()) yield { ...key, review };
  };
  return writeRows(columns, rows());
}

const listColumns: Columns<ListedReview> = {
  id: ({ id }) => id,
  review: ({ review }) => review,
  trigger: ({ trigger }) => trigger,
  due_at_utc: ({ dueAt }) => instantCell(dueAt),
  opened_at_utc: ({ openedAt }) => instantCell(openedAt),
  answer_by_utc: ({ answerBy }) => instantCell(answerBy),
  status: ({ status }) => status,
  closed_at_utc: ({ closedAt }) => instantCell(closedAt),
  signed_off_by: ({ signature }) => signature?.person.by,
  signed_off_by_way: ({ signature }) => signature && describeWay(signature.person),
  signed_off_at_utc: ({ signature }) => instantCell(signature?.at),
  keys: ({ keys }) => keys,
  keep: ({ answers }) => answers.keep,
  reduce: ({ answers }) => answers.reduce,
  revoke: ({ answers }) => answers.revoke,
  not_mine: ({ answers }) => answers['not-mine'],
  unanswered: ({ answers }) => answers.unanswered,
};

/** Renders campaigns as CSV, one row each. */
export function renderReviewsCsv(reviews: AsyncIterable<ListedReview>): AsyncIterable<string> {
  return writeRows(listColumns, reviews);
}
