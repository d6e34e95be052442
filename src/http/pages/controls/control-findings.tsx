import { findingsOf } from '../../../evidence/summary/findings-of.ts';
import type { ControlSummary, FindingSummary, Summary } from '../../../evidence/summary/summary.ts';
import { tellOpening } from '../../../evidence/summary/words/tell-opening.ts';
import { Shown } from '../../../report/html/shown.tsx';
import { renderNumber } from '../parts/figures.tsx';
import { Table } from '../parts/table.tsx';
import { Day } from '../parts/times.tsx';
import { pathOfKey, withQuery } from '../paths.ts';

const mostListed = 100;

interface ControlFindingsProps {
  readonly control: ControlSummary;
  readonly summary: Summary;
}

/** The findings of one control that were opened or closed: first what is open. */
export function ControlFindings({ control: of, summary }: ControlFindingsProps) {
  const { control, rules } = of;
  const ordered = findingsOf(of, summary.findings);
  return (
    <section class="panel" aria-labelledby="findings">
      <h2 id="findings">
        Findings of{' '}
        {control === null ? 'rules without a control' : <Shown text={control} most={200} />}
      </h2>
      {ordered.length === 0 ? (
        <p class="empty">None was opened or closed.</p>
      ) : (
        <Table
          name="Findings, the oldest first"
          class="list"
          columns={['Key', 'Rule', 'Opened', 'Closed', { number: 'Days' }]}
        >
          {ordered.slice(0, mostListed).map((finding) => (
            <FindingRow finding={finding} summary={summary} />
          ))}
        </Table>
      )}
      <p class="note">
        {ordered.length > mostListed
          ? `The first ${mostListed} of ${renderNumber(ordered.length)}; the pack has all. `
          : null}
        <a href={withQuery('/findings', { rule: rules, status: 'open' })}>What is open now</a>
      </p>
    </section>
  );
}

interface FindingRowProps {
  readonly finding: FindingSummary;
  readonly summary: Summary;
}

function FindingRow({ finding, summary }: FindingRowProps) {
  const { source, keyId, rule, severity, since, openedLeaf, days } = finding;
  return (
    <tr>
      <th scope="row">
        <a href={pathOfKey({ source, keyId })}>
          <code>
            <Shown text={keyId} most={200} />
          </code>
        </a>
        <small>
          in <Shown text={source} most={100} />
        </small>
      </th>
      <td data-label="Rule">
        <Shown text={rule} most={100} />
        {severity === undefined ? null : (
          <small>
            <Shown text={severity} most={20} />
          </small>
        )}
      </td>
      <td data-label="Opened">
        {since === undefined ? '–' : <Day at={since} />}
        <small>
          {openedLeaf === undefined ? tellOpening(finding, summary) : `leaf ${openedLeaf}`}
        </small>
      </td>
      <td data-label="Closed">
        <Closing finding={finding} />
      </td>
      <td class="n" data-label="Days">
        {days === undefined ? '–' : renderNumber(days)}
      </td>
    </tr>
  );
}

function Closing({ finding }: { finding: FindingSummary }) {
  const { state, closedAt, closedLeaf, because, by } = finding;
  if (closedAt === undefined) return <strong>{state}</strong>;
  const why = [because, by === undefined ? undefined : `by ${by}`].filter(Boolean).join(' ');
  return (
    <>
      <Day at={closedAt} />
      <small>
        leaf {closedLeaf}
        {why === '' ? null : (
          <>
            , <Shown text={why} most={200} />
          </>
        )}
      </small>
    </>
  );
}
