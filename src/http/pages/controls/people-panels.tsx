import type {
  ReviewStep,
  ReviewSummary,
  WaiverSummary,
} from '../../../evidence/summary/summary.ts';
import {
  aboutNamed,
  lastDayOf,
  onlyNamed,
  tellApprovers,
} from '../../../evidence/summary/tell-waiver.ts';
import { tellAnswers } from '../../../evidence/summary/words/tell-answers.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderCount } from '../../../text/render-count.ts';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfReview } from '../paths.ts';

/** More on one page would not be read. */
const mostListed = 100;

/** The waivers that were in force, with who approved them. */
export function WaiversPanel({ waivers }: { waivers: readonly WaiverSummary[] }) {
  return (
    <section class="panel" aria-labelledby="waivers">
      <h2 id="waivers">Waivers in force</h2>
      {waivers.length === 0 ? (
        <p class="empty">No waiver was in force.</p>
      ) : (
        <Table
          name="Waivers"
          class="list"
          columns={['Waiver', 'Approved by', 'Reason', 'From', 'Until', 'Proof']}
        >
          {waivers.slice(-mostListed).map((waiver) => (
            <WaiverRow waiver={waiver} />
          ))}
        </Table>
      )}
      <BelowWaivers count={waivers.length} />
    </section>
  );
}

function BelowWaivers({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <p class="note">
      {count > mostListed
        ? `The newest ${mostListed} of ${renderNumber(count)}; the pack has all. `
        : null}
      {aboutNamed}
    </p>
  );
}

function WaiverRow({ waiver }: { waiver: WaiverSummary }) {
  const { rule, keys, reason, from, ended, leaf } = waiver;
  return (
    <tr>
      <th scope="row">
        <Shown text={waiver.waiver} most={100} />
        <small>
          <Shown text={rule} most={100} />,{' '}
          {keys === null ? 'keys that match' : renderCount(keys, 'key')}
        </small>
      </th>
      <td data-label="Approved by">
        {tellApprovers(waiver).map(({ who, signed }) => (
          <div>
            <Shown text={who} most={200} />
            <small>
              {signed === undefined ? (
                onlyNamed
              ) : (
                <>
                  <Day at={signed.at} />, leaf {signed.leaf}
                </>
              )}
            </small>
          </div>
        ))}
        <small>
          asked for by <Shown text={waiver.requestedBy} most={200} />
        </small>
      </td>
      <td class="long" data-label="Reason">
        <Shown text={reason} most={500} />
      </td>
      <td data-label="From">
        <Day at={from} />
      </td>
      <td data-label="Until">
        <span class="nowrap">{lastDayOf(waiver)}</span>
        {ended === undefined ? null : (
          <small>
            {ended.because}, leaf {ended.leaf}
          </small>
        )}
      </td>
      <td data-label="Proof">leaf {leaf}</td>
    </tr>
  );
}

/** The campaigns of access reviews, with who signed them off. */
export function ReviewsPanel({ reviews }: { reviews: readonly ReviewSummary[] }) {
  return (
    <section class="panel" aria-labelledby="reviews">
      <h2 id="reviews">Access reviews</h2>
      {reviews.length === 0 ? (
        <p class="empty">No access review was open.</p>
      ) : (
        <Table
          name="Access reviews, the oldest first"
          class="list"
          columns={['Review', { number: 'Keys' }, 'Answers', 'Closed', 'Signed off']}
        >
          {reviews.map((review) => (
            <ReviewRow review={review} />
          ))}
        </Table>
      )}
    </section>
  );
}

function ReviewRow({ review }: { review: ReviewSummary }) {
  const { name, keys, opened, closed, signedOff } = review;
  return (
    <tr>
      <th scope="row">
        <a href={pathOfReview(review.review)}>
          <Shown text={name} most={100} />
        </a>
        <small>
          opened <Day at={opened.at} />, leaf {opened.leaf}
        </small>
      </th>
      <td class="n" data-label="Keys">
        {renderNumber(keys)}
      </td>
      <td data-label="Answers">{tellAnswers(review)}</td>
      <td data-label="Closed">
        <Step step={closed} />
      </td>
      <td data-label="Signed off">
        {signedOff === undefined ? <strong>nobody</strong> : <Step step={signedOff} />}
      </td>
    </tr>
  );
}

function Step({ step }: { step: ReviewStep | undefined }) {
  if (step === undefined) return <>–</>;
  return (
    <>
      <Shown text={step.by ?? ''} most={200} />
      <small>
        <Day at={step.at} />, leaf {step.leaf}
      </small>
    </>
  );
}
