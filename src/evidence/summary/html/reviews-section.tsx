import type { Child } from 'hono/jsx';
import { renderDay } from '../../../report/render-instant.ts';
import type { ReviewStep, ReviewSummary, Summary } from '../summary.ts';
import { tellAnswers } from '../words/tell-answers.ts';
import { renderSection } from './render-section.tsx';
import { LeafLink, Text } from './shown-parts.tsx';

interface Props {
  readonly summary: Summary;
}

/** The campaigns of access reviews, with who signed them off. */
export function Reviews({ summary: { reviews, info } }: Props) {
  return renderSection<ReviewSummary>({
    ...{ id: 'reviews', title: 'Access reviews' },
    none: 'No access review was open.',
    columns: [
      { title: 'Review', class: 'w2' },
      { title: 'Keys', class: 'n' },
      { title: 'Opened' },
      { title: 'Answers', class: 'w2' },
      { title: 'Closed' },
      { title: 'Signed off by' },
    ],
    rows: reviews,
    row: (one) => (
      <tr>
        <th scope="row">
          <Text text={one.name} />
          <small>
            <code>{one.review}</code>
          </small>
        </th>
        <td class="n">{one.keys}</td>
        <td>
          <Step step={one.opened} size={info.size} nobody="by schedule" />
        </td>
        <td>{tellAnswers(one)}</td>
        <td>
          <Step step={one.closed} size={info.size} nobody="–" />
        </td>
        <td>
          {one.signedOff === undefined ? (
            <strong>nobody</strong>
          ) : (
            <Step step={one.signedOff} size={info.size} nobody="–" />
          )}
        </td>
      </tr>
    ),
  });
}

interface StepProps {
  readonly step: ReviewStep | undefined;
  readonly size: number;
  readonly nobody: Child;
}

function Step({ step, size, nobody }: StepProps) {
  if (step === undefined) return <>–</>;
  return (
    <>
      {step.by === undefined ? nobody : <Text text={step.by} />}
      <small>
        {renderDay(step.at)}, <LeafLink n={step.leaf} size={size} />
      </small>
      {step.reason === undefined ? null : (
        <small>
          <Text text={step.reason} />
        </small>
      )}
    </>
  );
}
