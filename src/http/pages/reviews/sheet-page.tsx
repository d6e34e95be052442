import type { FoundSheet } from '../../../record/reads/reviews/read-reviews.ts';
import { Shown } from '../../../report/html/shown.tsx';
import type { ReviewSheet } from '../../../report/review/review-model.ts';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { Pager } from '../parts/pager.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfReview } from '../paths.ts';
import { SheetForm, type SheetKeys } from './sheet-form.tsx';

/** What the page of a sheet shows; `first` and `next` lead to its other parts. */
export interface SheetModel extends SheetKeys {
  readonly review: FoundSheet['review'];
  readonly sheet: ReviewSheet;
  readonly first: string | undefined;
  readonly next: string | undefined;
  /** How many answers were just kept. */
  readonly kept: number | undefined;
  /** Why nothing can be decided; undefined if something can. */
  readonly closed: string | undefined;
  /** The address that a link was sent to; undefined for somebody who signed in. */
  readonly sentTo: string | undefined;
}

export function renderSheet(frame: Frame, model: SheetModel): string {
  const { review, sheet, kept, closed, first, next } = model;
  const owner = sheet.owner ?? 'nobody';
  return renderFramed({
    frame,
    title: `Review ${review.review}: keys of ${owner}`,
    ...(frame.caller === undefined ? {} : { current: '/reviews' as const }),
    children: (
      <>
        <Head model={model} />
        {kept === undefined ? null : (
          <p class="notice is-pass" role="status">
            {renderCount(kept, 'answer was', 'answers were')} recorded.
          </p>
        )}
        {closed === undefined ? null : <p class="notice is-unknown">{closed}</p>}
        <SheetForm {...model} />
        <Pager first={first} next={next} />
      </>
    ),
  });
}

/** Nothing waits for an answer once the review is over. */
function describeLeft(left: number, isOpen: boolean): string {
  if (left === 0) return 'Every key is answered';
  return isOpen
    ? `${renderCount(left, 'key waits', 'keys wait')} for an answer`
    : `${renderCount(left, 'key', 'keys')} without an answer`;
}

function Head({ model: { review, sheet, sentTo } }: { model: SheetModel }) {
  const left = sheet.keys - sheet.answered;
  const isOpen = review.status === 'open';
  return (
    <div class="head">
      <p class="kicker">
        Access review <Shown text={review.review} />, opened <Day at={review.openedAt} />
      </p>
      <h1>
        {describeLeft(left, isOpen)}
        {': '}
        {sheet.owner === null ? 'keys without an owner' : <Shown text={sheet.owner} most={80} />}
      </h1>
      <p class="note">
        {renderCount(sheet.keys, 'key')}, as they were when the review opened.{' '}
        {isOpen ? (
          <>
            Answers are due until <Day at={review.answerBy} />.{' '}
          </>
        ) : null}
        A key without an answer counts as unanswered, never as kept.
      </p>
      {sentTo === undefined ? (
        <p>
          <a href={pathOfReview(review.id)}>The whole review</a>
        </p>
      ) : (
        <p class="note">
          You came by the link that was sent to <Shown text={sentTo} most={200} />; your answers are
          marked so. The link is for you alone and ends with the review.
        </p>
      )}
    </div>
  );
}
