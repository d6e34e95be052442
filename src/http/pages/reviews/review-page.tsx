import { Shown } from '../../../report/html/shown.tsx';
import { type Review, reviewAnswers } from '../../../report/review/review-model.ts';
import {
  answerWords,
  describeOpening,
  describeStatus,
} from '../../../report/review/review-words.ts';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton, mayChange } from '../parts/action-button.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Day, Instant } from '../parts/times.tsx';
import { OwnersPanel, type ShownOwners } from './owners-panel.tsx';
import { ReviewBadge } from './reviews-page.tsx';
import { answerTones } from './sheet-form.tsx';

/** What the page of a campaign shows. */
export interface ReviewPageModel extends ShownOwners {
  readonly review: Review;
}

export function renderReview(frame: Frame, model: ReviewPageModel): string {
  const { review } = model;
  return renderFramed({
    frame,
    title: `Review ${review.review}`,
    current: '/reviews',
    children: (
      <>
        <Head review={review} />
        <div class="panels">
          <AnswersPanel review={review} />
          <FactsPanel review={review} />
          <OwnersPanel review={review} shown={model} frame={frame} />
          {mayChange(frame) ? <EndPanel review={review} frame={frame} /> : null}
        </div>
      </>
    ),
  });
}

function Head({ review }: { review: Review }) {
  const { keys, answers, answerBy, openedAt, status } = review;
  return (
    <div class="head">
      <p class="kicker">
        Access review <Shown text={review.review} /> <ReviewBadge status={status} /> opened{' '}
        <Instant at={openedAt} />
      </p>
      <h1>
        {keys - answers.unanswered} of {renderCount(keys, 'key')} answered, {answers.unanswered}{' '}
        unanswered
      </h1>
      <p class="note">
        {status === 'open' ? (
          <>
            Answers are due until <Day at={answerBy} />. What is unanswered stays unanswered, also
            when the review ends; it never counts as kept.
          </>
        ) : (
          'What was unanswered stays unanswered; it never counts as kept.'
        )}
      </p>
    </div>
  );
}

function AnswersPanel({ review: { answers } }: { review: Review }) {
  return (
    <section class="panel half" aria-labelledby="answers">
      <h2 id="answers">Answers</h2>
      <Table name="Keys by answer" columns={['Answer', { number: 'Keys' }]}>
        {reviewAnswers.map((answer) => (
          <tr>
            <th scope="row">
              <span class={`badge is-${answerTones[answer]}`}>{answerWords[answer]}</span>
            </th>
            <td class="n">{renderNumber(answers[answer])}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function FactsPanel({ review }: { review: Review }) {
  const { id, listedHash } = review;
  const reports = ['html', 'csv', 'json', 'table'];
  return (
    <section class="panel half" aria-labelledby="facts">
      <h2 id="facts">Facts</h2>
      <dl class="facts">
        <dt>Opened</dt>
        <dd>
          <Shown text={describeOpening(review)} most={300} />
        </dd>
        <dt>Status</dt>
        <dd>
          <Shown text={describeStatus(review)} most={1_300} />
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        <dt>List of the keys</dt>
        <dd>
          <small>SHA-256, as the evidence log has it</small>
          <code>{listedHash}</code>
        </dd>
        <dt>Reports</dt>
        <dd>
          {reports.map((format, at) => (
            <>
              {at === 0 ? '' : ', '}
              <a href={`/api/v1/reviews/${id}?format=${format}`}>{format}</a>
            </>
          ))}
        </dd>
      </dl>
    </section>
  );
}

function EndPanel({ review, frame }: { review: Review; frame: Frame }) {
  const { id, status } = review;
  if (status === 'signed-off') return null;
  return (
    <section class="panel" aria-labelledby="end">
      <h2 id="end">Sign off</h2>
      <p class="note">
        Somebody who decided on no key of it signs the review as a whole.
        {status === 'open' ? ' Links end then, and no more answers are taken.' : ''}
      </p>
      <div class="buttons">
        <ActionButton
          frame={frame}
          action="/actions/review/sign-off"
          fields={{ review: id }}
          words="Sign off…"
        />
        {status === 'open' ? (
          <ActionButton
            frame={frame}
            action="/actions/review/close"
            fields={{ review: id }}
            words="Close without signature…"
          />
        ) : null}
      </div>
    </section>
  );
}
