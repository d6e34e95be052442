import { closePage, openPage } from '../html/page.tsx';
import { KeyCell, Shown, ShownOrDash } from '../html/shown.tsx';
import { table } from '../html/tables.tsx';
import { inPieces } from '../in-pieces.ts';
import { renderDay, renderInstant } from '../render-instant.ts';
import { describeReviewPerson } from './describe-review-person.ts';
import type { ListedForReview, ReviewAnswer, ReviewedKey, ReviewSource } from './review-model.ts';
import { reviewAnswers } from './review-model.ts';
import { answerWords, describeListedUse, describeOpening, describeStatus } from './review-words.ts';

/** Renders a campaign as one page without scripts or external resources, in pieces. */
export function renderReviewHtml(review: ReviewSource): AsyncIterable<string> {
  return inPieces(renderParts(review));
}

async function* renderParts(review: ReviewSource): AsyncIterable<string> {
  yield openPage(`Access review ${review.review} of ${renderDay(review.openedAt)}`);
  yield `${<Head review={review} />}\n<main>\n`;
  yield* ownersSection(review);
  yield* keysSection(review);
  yield `</main>\n${closePage}`;
}

const tones: Readonly<Record<ReviewAnswer, string>> = {
  keep: 'pass',
  reduce: 'waived',
  revoke: 'fail',
  'not-mine': 'waived',
  unanswered: 'unknown',
};

function Head({ review }: { review: ReviewSource }) {
  const { keys, answers, openedAt, answerBy, listedHash } = review;
  return (
    <header>
      <p class="kicker">
        Access review of API keys, <Shown text={review.review} />
      </p>
      <h1>
        {keys - answers.unanswered} of {keys} keys answered, {answers.unanswered} unanswered
      </h1>
      <p class="note">
        What is unanswered was not kept: nobody decided on it. No answer changes anything at the
        vendor by itself.
      </p>
      <ul class="verdicts" aria-label="Keys by answer">
        {reviewAnswers.map((answer) => (
          <li class={`is-${tones[answer]}`}>
            <b>{answers[answer]}</b>
            <span>
              <strong>{answerWords[answer]}</strong>
            </span>
          </li>
        ))}
      </ul>
      <dl>
        <dt>Opened</dt>
        <dd>
          {renderInstant(openedAt)}, <Shown text={describeOpening(review)} />
        </dd>
        <dt>Answers due</dt>
        <dd>{renderInstant(answerBy)}</dd>
        <dt>Status</dt>
        <dd>
          <Shown text={describeStatus(review)} most={1_500} />
        </dd>
        <dt>List of the keys</dt>
        <dd>
          SHA-256 <code>{listedHash}</code>
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{review.id}</code>
        </dd>
      </dl>
    </header>
  );
}

function ownersSection({ sheets }: ReviewSource): AsyncIterable<string> {
  return table({
    ...{ id: 'owners', title: 'Owners', none: 'No key matched.' },
    columns: [{ title: 'Owner' }, { title: 'Keys' }, { title: 'Answered' }, { title: 'Asked' }],
    rows: sheets,
    row: ({ owner, keys, answered, reviewers }) => (
      <tr>
        <th scope="row">{owner === null ? 'keys without an owner' : <Shown text={owner} />}</th>
        <td>{keys}</td>
        <td>{answered}</td>
        <td>
          <ShownOrDash
            text={reviewers
              .map(({ name, mail }) => (mail === null ? name : `${name} (${mail})`))
              .join(', ')}
          />
        </td>
      </tr>
    ),
  });
}

function keysSection(review: ReviewSource): AsyncIterable<string> {
  return table({
    ...{ id: 'keys', title: 'Keys and answers', none: 'No key matched.' },
    columns: [
      { title: 'Key', class: 'w3' },
      { title: 'Owner', class: 'w1' },
      { title: 'As it was when the review opened' },
      { title: 'Answer' },
    ],
    rows: review.reviewed(),
    row: (key: ReviewedKey) => (
      <tr>
        <KeyCell keyId={key.keyId} source={key.source} name={key.listed.name} />
        <td>
          <ShownOrDash text={key.owner} />
        </td>
        <td>
          <Shown text={describeListed(key.listed)} most={900} />
        </td>
        <td>
          <Answer reviewed={key} />
        </td>
      </tr>
    ),
  });
}

function Answer({ reviewed: { decision } }: { reviewed: ReviewedKey }) {
  if (decision === null) return <strong>unanswered</strong>;
  return (
    <>
      <strong>{answerWords[decision.decision]}</strong>:{' '}
      <Shown text={decision.reason} most={1_000} />
      <small>
        <Shown text={describeReviewPerson(decision.person)} />, {renderDay(decision.at)}
      </small>
    </>
  );
}

function describeListed(listed: ListedForReview): string {
  const { type, scopes, verdict, findings, environment } = listed;
  const open = findings.map(({ rule, severity, status }) => `${rule} (${severity}, ${status})`);
  return [
    ...(type === undefined ? [] : [type]),
    ...(environment === null ? [] : [environment]),
    describeListedUse(listed),
    `scopes: ${scopes === undefined ? 'unknown' : scopes.join(', ') || 'none'}`,
    `verdict: ${verdict ?? 'none yet'}`,
    `findings: ${open.join(', ') || 'none'}`,
  ].join('; ');
}
