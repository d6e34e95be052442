import { renderDay } from '../../../report/render-instant.ts';
import { findingsOf } from '../findings-of.ts';
import { stableText } from '../stable-text.ts';
import type { ControlSummary, FindingSummary, Summary } from '../summary.ts';
import { tellOpening } from '../words/tell-opening.ts';
import { renderSection } from './render-section.tsx';
import { KeyName, LeafLink, MoreInCsv, Text } from './shown-parts.tsx';

/** The page lists as many findings of a control; the table of all of them is in the CSV. */
const mostListed = 100;

interface Props {
  readonly summary: Summary;
}

/** The section of the control with this place among the controls. */
export function anchorOf(place: number): string {
  return `control-${place}`;
}

/** A section for each control with its findings of the period: first what is open. */
export function FindingsOfControls({ summary }: Props) {
  return (
    <>
      {summary.controls.map((control, at) => (
        <FindingsOfControl control={control} at={at} summary={summary} />
      ))}
    </>
  );
}

interface OneProps extends Props {
  readonly control: ControlSummary;
  readonly at: number;
}

function FindingsOfControl({ control, at, summary }: OneProps) {
  const ordered = findingsOf(control, summary.findings);
  const of = control.control;
  const more = ordered.length - mostListed;
  return renderSection<FindingSummary>({
    ...{ id: anchorOf(at), title: of === null ? 'Findings: rules without a control' : 'Findings:' },
    of: of ?? undefined,
    none: 'None was opened or closed.',
    columns: [
      { title: 'Key', class: 'w3' },
      { title: 'Rule', class: 'w2' },
      { title: 'Opened' },
      { title: 'Closed' },
      { title: 'Days', class: 'n' },
    ],
    rows: ordered.slice(0, mostListed),
    row: (finding) => <FindingRow finding={finding} summary={summary} />,
    below: <MoreInCsv more={more} />,
  });
}

function FindingRow({ finding, summary }: Props & { readonly finding: FindingSummary }) {
  const { size } = summary.info;
  const { source, keyId, rule, severity, since, openedLeaf, days } = finding;
  return (
    <tr>
      <KeyName keyId={keyId} source={source} />
      <td>
        <Text text={rule} />
        {severity === undefined ? null : (
          <small class={`sev ${stableText(severity)}`}>{stableText(severity)}</small>
        )}
      </td>
      <td>
        {since === undefined ? '–' : renderDay(since)}
        <small>
          {openedLeaf === undefined ? (
            tellOpening(finding, summary)
          ) : (
            <LeafLink n={openedLeaf} size={size} />
          )}
        </small>
      </td>
      <td>
        <Closing finding={finding} size={size} />
      </td>
      <td class="n">{days ?? '–'}</td>
    </tr>
  );
}

function Closing({ finding, size }: { finding: FindingSummary; size: number }) {
  const { state, closedAt, closedLeaf, because, by } = finding;
  if (closedAt === undefined || closedLeaf === undefined) return <strong>{state}</strong>;
  return (
    <>
      {renderDay(closedAt)}
      {because === undefined ? null : (
        <>
          , <Text text={because} />
        </>
      )}
      {by === undefined ? null : (
        <>
          {' '}
          by <Text text={by} />
        </>
      )}
      <small>
        <LeafLink n={closedLeaf} size={size} />
      </small>
    </>
  );
}
