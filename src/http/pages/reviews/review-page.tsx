import { Shown } from '../../../report/html/shown.tsx';
import {
  type Review,
  type ReviewSheet,
  reviewAnswers,
} from '../../../report/review/review-model.ts';
import {
  answerWords,
  describeOpening,
  describeStatus,
} from '../../../report/review/review-words.ts';
import { shortenText } from '../../../report/safe-text.ts';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { ActionButton, mayChange } from '../parts/action-button.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Pager } from '../parts/pager.tsx';
import { Table } from '../parts/table.tsx';
import { Day, Instant } from '../parts/times.tsx';
import { pathOfSheet } from '../paths.ts';
import { ReviewBadge } from './reviews-page.tsx';
import { answerTones } from './sheet-form.tsx';

/** What the page of a campaign shows; `first` and `next` lead to its other owners. */
export interface ReviewPageModel {
  readonly review: Review;
  /** The sheets that whoever sees the page may answer. */
  readonly own: readonly ReviewSheet[];
  /** The sheets that are shown. */
  readonly sheets: readonly ReviewSheet[];
  readonly first: string | undefined;
  readonly next: string | undefined;
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
          <OwnersPanel model={model} frame={frame} />
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

interface OwnersProps {
  readonly model: ReviewPageModel;
  readonly frame: Frame;
}

function OwnersPanel({ model, frame }: OwnersProps) {
  const { review, sheets, own, first, next } = model;
  const answers = new Set(review.status === 'open' ? own.map(({ sheet }) => sheet) : []);
  return (
    <section class="panel" aria-labelledby="owners">
      <h2 id="owners">Owners</h2>
      {mayChange(frame) || answers.size === 0 ? null : <Own id={review.id} own={own} />}
      {sheets.length === 0 ? (
        <p class="empty">No key matched when this review opened.</p>
      ) : (
        <Table
          name="Keys by owner, in the order of their names"
          class="list"
          columns={['Owner', { number: 'Keys' }, { number: 'Answered' }, 'Asked']}
        >
          {sheets.map((sheet) => (
            <OwnerRow id={review.id} sheet={sheet} mayAnswer={answers.has(sheet.sheet)} />
          ))}
        </Table>
      )}
      <Pager first={first} next={next} />
      {review.status === 'open' ? <LinksForms model={model} frame={frame} /> : null}
    </section>
  );
}

const mostOwn = 20;

/** The ways to the own keys, wherever they stand among the owners. */
function Own({ id, own }: { id: string; own: readonly ReviewSheet[] }) {
  return (
    <p class="notice">
      You are asked about{' '}
      {own.slice(0, mostOwn).map((sheet, at) => (
        <>
          {at === 0 ? '' : ', '}
          <OwnerLink id={id} sheet={sheet} />
        </>
      ))}
      {own.length > mostOwn ? `, and ${own.length - mostOwn} more owners` : ''}.
    </p>
  );
}

function OwnerLink({ id, sheet }: { id: string; sheet: ReviewSheet }) {
  const { owner } = sheet;
  return (
    <a href={pathOfSheet(id, sheet.sheet)}>
      {owner === null ? 'keys without an owner' : <Shown text={owner} most={80} />}
    </a>
  );
}

interface OwnerProps {
  readonly id: string;
  readonly sheet: ReviewSheet;
  readonly mayAnswer: boolean;
}

function OwnerRow({ id, sheet, mayAnswer }: OwnerProps) {
  return (
    <tr>
      <th scope="row">
        <OwnerLink id={id} sheet={sheet} />
        {mayAnswer && sheet.answered < sheet.keys ? <small>you can answer</small> : null}
      </th>
      <td class="n" data-label="Keys">
        {renderNumber(sheet.keys)}
      </td>
      <td class="n" data-label="Answered">
        {renderNumber(sheet.answered)}
      </td>
      <td data-label="Asked">
        <Asked sheet={sheet} />
      </td>
    </tr>
  );
}

function Asked({ sheet: { reviewers } }: { sheet: ReviewSheet }) {
  if (reviewers.length === 0) return <strong>nobody</strong>;
  return (
    <>
      {reviewers.map(({ name, mail, withdrawnAt }) => (
        <div>
          <Shown text={name} most={80} />{' '}
          <span class="soft">
            {mail === null ? 'has no mail address' : null}
            {mail === null || mail === name ? null : <Shown text={mail} most={120} />}
            {withdrawnAt === null ? '' : ' (link withdrawn)'}
          </span>
        </div>
      ))}
    </>
  );
}

/** For the owners that are shown. */
const mostWithdrawn = 100;

function LinksForms({ model: { review, sheets }, frame }: OwnersProps) {
  if (!mayChange(frame)) return null;
  const { id } = review;
  const linked = sheets.flatMap(({ reviewers }) =>
    reviewers.filter(({ mail, withdrawnAt }) => mail !== null && withdrawnAt === null),
  );
  const names = [...new Set(linked.map(({ name }) => name))];
  return (
    <div class="buttons">
      <ActionButton
        frame={frame}
        action="/actions/review/remind"
        fields={{ review: id }}
        words="Remind those who have not answered…"
      />
      {names.slice(0, mostWithdrawn).map((reviewer) => (
        <ActionButton
          frame={frame}
          action="/actions/review/withdraw"
          fields={{ review: id, reviewer }}
          words={`Withdraw the link of ${shortenText(reviewer, 60)}…`}
        />
      ))}
    </div>
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
