import { Shown } from '../../../report/html/shown.tsx';
import type { ReportFinding } from '../../../report/model.ts';
import { renderCount } from '../../../text/render-count.ts';
import { type Frame, renderFramed } from '../layout/page.tsx';
import { KeyLink } from '../parts/key-link.tsx';
import { renderQuestion } from './question-page.tsx';

interface Acknowledging {
  readonly path: string;
  readonly events: readonly ReportFinding[];
  /** Chosen findings that cannot be acknowledged. */
  readonly others: readonly ReportFinding[];
}

export function renderAcknowledging(frame: Frame, { path, events, others }: Acknowledging): string {
  if (events.length === 0) {
    return renderFramed({
      frame,
      title: 'Nothing to acknowledge',
      children: <Nothing others={others} />,
    });
  }
  return renderQuestion(frame, {
    title: `Acknowledge ${renderCount(events.length, 'finding')}?`,
    says: 'An acknowledged finding is resolved, with your name and reason. This cannot be undone.',
    ...{ action: path, back: '/findings', button: 'Acknowledge' },
    fields: { finding: events.map(({ fingerprint }) => fingerprint) },
    children: (
      <>
        <Listed findings={events} />
        {others.length === 0 ? null : <Others others={others} />}
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

function Nothing({ others }: { others: readonly ReportFinding[] }) {
  return (
    <div class="head">
      <h1>Nothing to acknowledge</h1>
      <Others others={others} />
      <p>
        <a href="/findings">Back to the findings</a>
      </p>
    </div>
  );
}

function Others({ others }: { others: readonly ReportFinding[] }) {
  return (
    <>
      <p class="note">
        These follow the state of their keys, or have ended: mend the key, or waive the rule in the
        policy.
      </p>
      <Listed findings={others} />
    </>
  );
}

/** A longer list is not read. */
const mostListed = 20;

function Listed({ findings }: { findings: readonly ReportFinding[] }) {
  const left = findings.length - mostListed;
  return (
    <ul class="rows">
      {findings.slice(0, mostListed).map(({ source, keyId, keyName, rule, message }) => (
        <li>
          <KeyLink source={source} keyId={keyId} name={keyName} />
          <Shown text={`${rule}: ${message}`} most={300} />
        </li>
      ))}
      {left > 0 ? <li class="soft">and {left} more</li> : null}
    </ul>
  );
}

interface Acknowledged {
  readonly done: number;
  readonly refused: readonly string[];
}

export function renderAcknowledged(frame: Frame, { done, refused }: Acknowledged): string {
  return renderFramed({
    frame,
    title: 'Acknowledged',
    children: (
      <div class="head">
        <h1>{renderCount(done, 'finding')} acknowledged</h1>
        {refused.length === 0 ? null : (
          <>
            <p>{renderCount(refused.length, 'finding')} could not be acknowledged:</p>
            <ul class="rows">
              {refused.map((words) => (
                <li>
                  <Shown text={words} most={600} />
                </li>
              ))}
            </ul>
          </>
        )}
        <p>
          <a href="/findings">Back to the findings</a>
        </p>
      </div>
    ),
  });
}
