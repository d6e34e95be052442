import { severities } from '../../../evaluate/policy/severity.ts';
import type { PlacedKey } from '../../../record/reads/reviews/read-reviewed-keys.ts';
import { Shown, ShownOrDash } from '../../../report/html/shown.tsx';
import { describeReviewPerson } from '../../../report/review/describe-review-person.ts';
import {
  type ListedForReview,
  type ReviewAnswer,
  type ReviewDecision,
  type ReviewDecisionWord,
  type ReviewFinding,
  reviewDecisionWords,
} from '../../../report/review/review-model.ts';
import { answerWords } from '../../../report/review/review-words.ts';
import { renderCount } from '../../../text/render-count.ts';
import { SeverityWord, VerdictBadge } from '../parts/badges.tsx';
import { OwnForm } from '../parts/own-form.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfKey } from '../paths.ts';

/** The keys of a sheet, and where their answers are sent; undefined: nothing can be decided. */
export interface SheetKeys {
  readonly keys: readonly PlacedKey[];
  readonly action: string | undefined;
  readonly token: string | undefined;
  /** What the form carries beside the answers. */
  readonly hidden: Readonly<Record<string, string>>;
  /** Whether the pages of the keys can be seen. */
  readonly hasKeyPages: boolean;
}

/** The keys of a sheet with their answers, and the form to answer. */
export function SheetForm(sheet: SheetKeys) {
  const { keys, action, token, hidden } = sheet;
  const cards = keys.map((key) => <KeyCard reviewed={key} sheet={sheet} />);
  if (action === undefined) return <>{cards}</>;
  return (
    <OwnForm action={action} token={token}>
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {cards}
      <div class="panel">
        <p>
          <label class="wide-field">
            <span>Reason for the keys above that have none of their own</span>
            <textarea name="reason" maxlength={1_000} rows={2} />
          </label>
        </p>
        <p class="buttons answer">
          <button type="submit">Look at my answers</button>
          <span class="note">Nothing is kept before you have seen and confirmed them.</span>
        </p>
      </div>
    </OwnForm>
  );
}

function KeyCard({ reviewed, sheet }: { reviewed: PlacedKey; sheet: SheetKeys }) {
  const { place, source, keyId, listed, decision } = reviewed;
  const title = `key-${place}`;
  return (
    <section class="panel review-key" aria-labelledby={title}>
      <h2 id={title}>
        <KeyTitle reviewed={reviewed} hasPage={sheet.hasKeyPages} />{' '}
        <AnswerBadge decision={decision} />
      </h2>
      <p class="note">
        <code>
          <Shown text={keyId} most={200} />
        </code>{' '}
        in <Shown text={source} most={80} />
      </p>
      <Facts listed={listed} />
      <Findings listed={listed} />
      {decision === null ? null : <Decided decision={decision} />}
      {sheet.action === undefined ? null : <Choices reviewed={reviewed} />}
    </section>
  );
}

function KeyTitle({ reviewed, hasPage }: { reviewed: PlacedKey; hasPage: boolean }) {
  const { source, keyId, listed } = reviewed;
  const { name } = listed;
  const text = <Shown text={name === undefined || name === '' ? keyId : name} most={120} />;
  return hasPage ? <a href={pathOfKey({ source, keyId })}>{text}</a> : text;
}

export const answerTones: Readonly<Record<ReviewAnswer, string>> = {
  keep: 'pass',
  reduce: 'waived',
  revoke: 'fail',
  'not-mine': 'waived',
  unanswered: 'unknown',
};

export function AnswerBadge({ decision }: { decision: ReviewDecision | null }) {
  const answer = decision?.decision ?? 'unanswered';
  return <span class={`badge is-${answerTones[answer]}`}>{answerWords[answer]}</span>;
}

/** A key may have thousands of scopes. */
const mostScopes = 40;

function Facts({ listed }: { listed: ListedForReview }) {
  const { type, lastFour, environment, createdOn, lastUsed, scopes, approvedScopes, tags } = listed;
  return (
    <dl class="facts">
      <dt>Type</dt>
      <dd>
        <ShownOrDash text={type} />
        {lastFour === undefined || lastFour === '' ? null : (
          <>
            , ends in <Shown text={lastFour} />
          </>
        )}
      </dd>
      <dt>Environment</dt>
      <dd>
        <ShownOrDash text={environment} />
      </dd>
      <dt>Created</dt>
      <dd>{createdOn === undefined ? 'not known' : <Day at={new Date(createdOn)} />}</dd>
      <dt>Last used</dt>
      <dd>
        <LastUse listed={listed} used={lastUsed} />
      </dd>
      <dt>Scopes</dt>
      <dd>{scopes === undefined ? 'not known' : <Scopes scopes={scopes} />}</dd>
      {approvedScopes === null ? null : (
        <>
          <dt>Approved</dt>
          <dd>
            <Scopes scopes={approvedScopes} />
          </dd>
        </>
      )}
      {tags.length === 0 ? null : (
        <>
          <dt>Tags</dt>
          <dd>
            <Shown text={tags.join(', ')} most={600} />
          </dd>
        </>
      )}
      <dt>Verdict</dt>
      <dd>
        <VerdictBadge verdict={listed.verdict} />
      </dd>
    </dl>
  );
}

function LastUse({ listed, used }: { listed: ListedForReview; used: string | null | undefined }) {
  if (listed.missing === true) return <strong>the vendor knows no such key</strong>;
  if (used === undefined) return <>not known</>;
  return used === null ? <strong>never</strong> : <Day at={new Date(used)} />;
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  if (scopes.length === 0) return <>none</>;
  const left = scopes.length - mostScopes;
  return (
    <>
      {scopes.slice(0, mostScopes).map((scope, at) => (
        <>
          {at === 0 ? '' : ', '}
          <code>
            <Shown text={scope} most={100} />
          </code>
        </>
      ))}
      {left > 0 ? `, and ${left} more` : ''}
    </>
  );
}

function Findings({ listed: { findings } }: { listed: ListedForReview }) {
  if (findings.length === 0) return <p class="note">No finding was open.</p>;
  const gravity = ({ severity }: ReviewFinding) => severities.indexOf(severity);
  const gravest = findings.toSorted((one, other) => gravity(other) - gravity(one));
  return (
    <>
      <p class="note">{renderCount(findings.length, 'finding was', 'findings were')} open:</p>
      <ul class="rows">
        {gravest.slice(0, mostScopes).map(({ severity, rule, message, status, firstSeen }) => (
          <li>
            <SeverityWord severity={severity} /> <Shown text={`${rule}: ${message}`} most={400} />
            {status === 'waived' ? ' (waived)' : ''}, since <Day at={new Date(firstSeen)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Decided({ decision: { decision, reason, person, at } }: { decision: ReviewDecision }) {
  return (
    <p>
      <strong>{answerWords[decision]}</strong>: <Shown text={reason} most={1_000} />{' '}
      <span class="soft">
        by <Shown text={describeReviewPerson(person)} most={300} /> on <Day at={at} />
      </span>
    </p>
  );
}

const choices: Readonly<Record<ReviewDecisionWord, string>> = {
  keep: 'Keep: it is needed as it is',
  reduce: 'Reduce: it needs fewer scopes',
  revoke: 'Revoke: nobody needs it',
  'not-mine': 'Not mine: somebody else has to answer',
};

function Choices({ reviewed: { place, decision, listed, keyId } }: { reviewed: PlacedKey }) {
  const name = listed.name ?? keyId;
  return (
    <fieldset>
      <legend>
        {decision === null ? 'Your answer for' : 'Another answer for'}{' '}
        <Shown text={name} most={80} />
      </legend>
      <input type="hidden" name="place" value={String(place)} />
      {reviewDecisionWords.map((word) => (
        <label>
          <input type="radio" name={`decision-${place}`} value={word} /> {choices[word]}
        </label>
      ))}
      <label class="wide-field">
        <span>Why</span>
        <input type="text" name={`reason-${place}`} maxlength={1_000} autocomplete="off" />
      </label>
    </fieldset>
  );
}
