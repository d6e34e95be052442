import { Shown } from '../../../report/html/shown.tsx';
import type { Review, ReviewSheet } from '../../../report/review/review-model.ts';
import { shortenText } from '../../../report/safe-text.ts';
import type { Frame } from '../layout/page.tsx';
import { ActionButton, mayChange } from '../parts/action-button.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Pager } from '../parts/pager.tsx';
import { Table } from '../parts/table.tsx';
import { pathOfSheet } from '../paths.ts';

/** A part of the owners of a campaign; `first` and `next` lead to the others. */
export interface ShownOwners {
  /** The sheets that whoever sees the page may answer. */
  readonly own: readonly ReviewSheet[];
  /** The sheets that are shown. */
  readonly sheets: readonly ReviewSheet[];
  readonly first: string | undefined;
  readonly next: string | undefined;
}

interface OwnersProps {
  readonly review: Review;
  readonly shown: ShownOwners;
  readonly frame: Frame;
}

/** The owners whose keys a campaign lists, with who is asked, and what an operator can do about that. */
export function OwnersPanel({ review, shown, frame }: OwnersProps) {
  const { sheets, own, first, next } = shown;
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
      {review.status === 'open' ? (
        <LinksForms id={review.id} sheets={sheets} frame={frame} />
      ) : null}
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

interface LinksProps extends Pick<ShownOwners, 'sheets'> {
  readonly id: string;
  readonly frame: Frame;
}

const mostWithdrawn = 100;

/** For the owners that are shown. */
function LinksForms({ id, sheets, frame }: LinksProps) {
  if (!mayChange(frame)) return null;
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
