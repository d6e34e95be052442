import { Shown } from '../../../report/html/shown.tsx';
import type { ReportFinding } from '../../../report/model.ts';
import { renderCount } from '../../../text/render-count.ts';
import { FindingBadge } from '../findings/finding-row.tsx';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { renderQuestion } from './question-page.tsx';

/** The chosen findings. */
interface Acknowledging {
  readonly path: string;
  /** Can be acknowledged. */
  readonly events: readonly ReportFinding[];
  readonly ended: readonly ReportFinding[];
  /** End when their keys are mended. */
  readonly states: readonly ReportFinding[];
  /** How many had been acknowledged before the form came. */
  readonly again: number;
}

export function renderAcknowledging(frame: Frame, chosen: Acknowledging): string {
  const { path, events } = chosen;
  if (events.length === 0) return renderNothingLeft(frame, chosen);
  return renderQuestion(frame, {
    title: `Acknowledge ${renderCount(events.length, 'finding')}?`,
    says: 'An acknowledged finding is resolved, with your name and reason. This cannot be undone.',
    ...{ action: path, back: '/findings', button: 'Acknowledge' },
    fields: { finding: events.map(({ fingerprint }) => fingerprint) },
    children: (
      <>
        <Listed findings={events} />
        <Others chosen={chosen} />
        <p>
          <label class="wide-field">
            <span>Why it is in order</span>
            <textarea name="reason" required maxlength={1_000} rows={3} />
          </label>
        </p>
      </>
    ),
  });
}

function renderNothingLeft(frame: Frame, chosen: Acknowledging): string {
  const count = chosen.ended.filter(({ acknowledgement }) => acknowledgement !== null).length;
  const title =
    count === 0
      ? 'Nothing to acknowledge'
      : `${renderCount(count, 'finding')} ${count === 1 ? 'is' : 'are'} acknowledged`;
  return renderFramed({
    frame,
    title,
    current: '/findings',
    children: (
      <div class="head">
        <h1>{title}</h1>
        <Again count={chosen.again} />
        <Others chosen={chosen} />
        <p>
          <a href="/findings">Back to the findings</a>
        </p>
      </div>
    ),
  });
}

function Again({ count }: { count: number }) {
  if (count === 0) return null;
  return <p class="note">{count} had been acknowledged before: nothing has changed there.</p>;
}

function Others({ chosen: { ended, states } }: { chosen: Acknowledging }) {
  return (
    <>
      {ended.length === 0 ? null : (
        <>
          <p class="note">How these ended:</p>
          <Listed findings={ended} saysStatus />
        </>
      )}
      {states.length === 0 ? null : (
        <>
          <p class="note">
            These follow the state of their keys: mend the key, or waive the rule in the policy.
          </p>
          <Listed findings={states} />
        </>
      )}
    </>
  );
}

/** A longer list is not read. */
const mostListed = 20;

interface ListedProps {
  readonly findings: readonly ReportFinding[];
  readonly saysStatus?: boolean;
}

function Listed({ findings, saysStatus = false }: ListedProps) {
  const left = findings.length - mostListed;
  return (
    <ul class="rows">
      {findings.slice(0, mostListed).map((finding) => (
        <li>
          <KeyLink source={finding.source} keyId={finding.keyId} name={finding.keyName} />
          <Shown text={`${finding.rule}: ${finding.message}`} most={300} />{' '}
          {saysStatus ? <FindingBadge finding={finding} /> : null}
        </li>
      ))}
      {left > 0 ? <li class="soft">and {left} more</li> : null}
    </ul>
  );
}
