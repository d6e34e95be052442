import { Shown } from '../../../report/html/shown.tsx';
import { answerWords } from '../../../report/review/review-words.ts';
import { renderCount } from '../../../text/render-count.ts';
import { renderQuestion } from '../actions/question-page.tsx';
import type { Frame } from '../layout/page.tsx';
import { renderFramed } from '../layout/page.tsx';
import { Saying } from '../parts/saying.tsx';
import { Table } from '../parts/table.tsx';
import type { ChosenDecision } from './read-decisions.ts';
import { answerTones } from './sheet-form.tsx';

interface Confirming {
  readonly decisions: readonly ChosenDecision[];
  readonly action: string;
  readonly back: string;
  readonly hidden: Readonly<Record<string, string>>;
}

/** Shows what somebody is about to answer; only the answer to this page is kept. */
export function renderConfirm(frame: Frame, asked: Confirming): string {
  const { decisions, action, back, hidden } = asked;
  if (decisions.length === 0) return renderNoAnswer(frame, back);
  const revoked = decisions.filter(({ decision }) => decision === 'revoke').length;
  const opens =
    revoked === 0 ? '' : ` Each key to revoke gets a finding, until it is gone at the vendor.`;
  return renderQuestion(frame, {
    title: `Confirm ${renderCount(decisions.length, 'answer')}?`,
    says: `They are kept with the review, with your name and reasons.${opens} Nothing changes at the vendor by itself.`,
    ...{ action, back, button: 'Confirm' },
    fields: { ...hidden, ...fieldsOf(decisions) },
    children: <Chosen decisions={decisions} />,
  });
}

function fieldsOf(decisions: readonly ChosenDecision[]) {
  const fields = decisions.flatMap(({ key: { place }, decision, reason }) => [
    [`decision-${place}`, decision],
    [`reason-${place}`, reason],
  ]);
  const place = decisions.map(({ key }) => String(key.place));
  return { ...(Object.fromEntries(fields) as Record<string, string>), place };
}

function Chosen({ decisions }: { decisions: readonly ChosenDecision[] }) {
  return (
    <Table name="Your answers" class="list" columns={['Key', 'Answer', 'Why']}>
      {decisions.map(({ key, decision, reason }) => (
        <tr>
          <th scope="row">
            <Shown text={key.listed.name ?? key.keyId} most={120} />
            <small>
              <code>
                <Shown text={key.keyId} most={200} />
              </code>
            </small>
          </th>
          <td>
            <span class={`badge is-${answerTones[decision]}`}>{answerWords[decision]}</span>
          </td>
          <td data-label="Why">
            <Shown text={reason} most={1_000} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function renderNoAnswer(frame: Frame, back: string): string {
  const says = 'Choose an answer for at least one key. Nothing was kept.';
  return renderFramed({
    frame,
    title: 'No answer was chosen',
    children: (
      <Saying title="No answer was chosen" says={says}>
        <p>
          <a href={back}>Back to the keys</a>
        </p>
      </Saying>
    ),
  });
}
