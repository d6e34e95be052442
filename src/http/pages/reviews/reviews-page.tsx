import { Shown } from '../../../report/html/shown.tsx';
import type { ListedReview } from '../../../report/review/review-model.ts';
import { describeOpening, describeStatus } from '../../../report/review/review-words.ts';
import type { Frame } from '../layout/page.tsx';
import { renderListPage } from '../lists/list-page.tsx';
import type { List } from '../lists/read-list.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfReview } from '../paths.ts';

export interface ReviewsModel extends List<ListedReview> {
  /** The reviews of the configuration. */
  readonly configured: readonly string[];
}

const columns = [
  ...['Review', 'Status', 'Opened', 'Answers due'],
  ...['Keys', 'Unanswered', 'Keep', 'Reduce', 'Revoke', 'Not mine'].map((number) => ({ number })),
];

export function renderReviews(frame: Frame, model: ReviewsModel): string {
  return renderListPage({
    ...{ frame, list: model, path: '/reviews', what: 'reviews', title: 'Access reviews' },
    note: 'In a review, owners decide on each of their keys, and management signs the whole.',
    fields: [
      { name: 'review', label: 'Review', choices: model.configured },
      { name: 'status', label: 'Status', choices: ['open', 'closed', 'signed-off'] },
    ],
    none:
      model.configured.length === 0
        ? 'The configuration has no reviews: give some under reviews in keysweep.yaml.'
        : 'No review has been opened yet.',
    noMatch: 'No review matches.',
    notices: <Starts frame={frame} configured={model.configured} />,
    children: (
      <Table name="Reviews, newest first" class="list" columns={columns}>
        {model.items.map((review) => (
          <ReviewRow review={review} />
        ))}
      </Table>
    ),
  });
}

function Starts({ frame, configured }: { frame: Frame; configured: readonly string[] }) {
  return (
    <div class="buttons">
      {configured.map((review) => (
        <ActionButton
          frame={frame}
          action="/actions/review/start"
          fields={{ review }}
          words={`Start ${review} now…`}
        />
      ))}
    </div>
  );
}

export function ReviewBadge({ status }: Pick<ListedReview, 'status'>) {
  const tone = { open: 'none', closed: 'unknown', 'signed-off': 'pass' }[status];
  return <span class={`badge is-${tone}`}>{status === 'signed-off' ? 'signed off' : status}</span>;
}

function ReviewRow({ review }: { review: ListedReview }) {
  const { id, review: name, status, openedAt, answerBy, keys, answers } = review;
  return (
    <tr>
      <th scope="row">
        <a href={pathOfReview(id)}>
          <Shown text={name} most={80} />
        </a>
        <small>
          <Shown text={describeOpening(review)} most={200} />
        </small>
      </th>
      <td>
        <ReviewBadge status={status} />
        {status === 'open' ? null : (
          <small>
            <Shown text={describeStatus(review)} most={200} />
          </small>
        )}
      </td>
      <td data-label="Opened">
        <Day at={openedAt} />
      </td>
      <td data-label="Answers due">
        <Day at={answerBy} />
      </td>
      <Count name="Keys" value={keys} />
      <Count name="Unanswered" value={answers.unanswered} />
      <Count name="Keep" value={answers.keep} />
      <Count name="Reduce" value={answers.reduce} />
      <Count name="Revoke" value={answers.revoke} />
      <Count name="Not mine" value={answers['not-mine']} />
    </tr>
  );
}

function Count({ name, value }: { name: string; value: number }) {
  return (
    <td class="n" data-label={name}>
      {renderNumber(value)}
    </td>
  );
}
