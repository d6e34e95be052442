import type { Severity } from '../../evaluate/policy/policy.ts';
import { remedies } from '../../evaluate/remedies.ts';
import { lastDay } from '../last-day.ts';
import type { ReportSource, ReportUnknown, ReportViolation, ReportWaiver } from '../model.ts';
import { renderDay } from '../render-instant.ts';
import { withMark } from '../simulated.ts';
import type { RuleStanding } from './count-report.ts';
import { KeyCell, Shown, ShownOrDash } from './shown.tsx';
import { groupedTables, table } from './tables.tsx';

/** A sentence may contain text from a vendor, which may be very long. */
const mostWords = 600;

/** The columns that `ViolationCells` fills. */
const columnsOfViolation = [
  { title: 'Key', class: 'w3' },
  { title: 'Owner', class: 'w1' },
  { title: 'Rule and controls', class: 'w2' },
  { title: 'What is wrong' },
];

/** The open violations, one table per severity. */
export function violationsSection(report: ReportSource): AsyncIterable<string> {
  const open = withStatus(report.violations(), 'open');
  return groupedTables({
    ...{ id: 'violations', title: 'Violations', none: 'No rule is broken without a waiver.' },
    columns: [...columnsOfViolation, { title: 'Since', class: 'day' }],
    rows: open,
    groupOf: severityOf,
    row: (violation) => (
      <tr>
        <ViolationCells violation={violation} />
        <td>{withMark(renderDay(violation.firstSeen), violation.firstSeenSimulated)}</td>
      </tr>
    ),
  });
}

/** What to do about each rule that keys break without a waiver. */
export function remediesSection(rules: readonly RuleStanding[]): AsyncIterable<string> {
  return table({
    ...{
      id: 'remedies',
      title: 'What to do',
      none: 'Nothing: no rule is broken without a waiver.',
    },
    columns: [{ title: 'Rule', class: 'w2' }, { title: 'Remedy' }],
    rows: rules.filter(({ fail }) => fail > 0),
    row: ({ rule: { id, type } }: RuleStanding) => (
      <tr>
        <th scope="row">{id}</th>
        <td>{remedies[type]}</td>
      </tr>
    ),
  });
}

/** Waived violations, with the details of each waiver. They are read only if there are any. */
export function waivedSection(
  report: ReportSource,
  covered: ReadonlyMap<string, number>,
): AsyncIterable<string> {
  const waivers = new Map(report.waivers.map((waiver) => [waiver.id, waiver]));
  return groupedTables({
    ...{ id: 'waived', title: 'Waived violations', none: 'No violation is waived.' },
    columns: [...columnsOfViolation, { title: 'Waiver', class: 'w2' }],
    rows: covered.size === 0 ? [] : withStatus(report.violations(), 'waived'),
    groupOf: severityOf,
    row: (violation) => (
      <tr>
        <ViolationCells violation={violation} />
        <td>
          {violation.waiver}
          <Agreed waiver={waivers.get(violation.waiver ?? '')} />
        </td>
      </tr>
    ),
  });
}

/** The keys and rules that could not be judged, and why. */
export function unknownsSection(report: ReportSource): AsyncIterable<string> {
  return table({
    ...{ id: 'unknown', title: 'Unknown', none: 'Everything could be judged.' },
    columns: [
      { title: 'Key', class: 'w3' },
      { title: 'Rule', class: 'w2' },
      { title: 'Reason', class: 'w2' },
      { title: 'Detail' },
    ],
    rows: report.unknowns(),
    row: ({ source, keyId, rule, reason, detail }: ReportUnknown) => (
      <tr>
        <KeyCell keyId={keyId} source={source} />
        <td>{rule ?? 'every rule'}</td>
        <td>{reason}</td>
        <td>
          <Shown text={detail} most={mostWords} />
        </td>
      </tr>
    ),
  });
}

/** Every waiver of the policy. A waiver that covers nothing may be outdated or mistaken. */
export function waiversSection(
  report: ReportSource,
  covered: ReadonlyMap<string, number>,
): AsyncIterable<string> {
  return table({
    ...{ id: 'waivers', title: 'Waivers of the policy', none: 'The policy has no waivers.' },
    columns: [
      { title: 'Waiver', class: 'w2' },
      { title: 'Rule', class: 'w2' },
      { title: 'Reason' },
      { title: 'Agreed by', class: 'w2' },
      { title: 'Last day', class: 'day' },
      { title: 'Covers', class: 'day' },
    ],
    rows: report.waivers,
    row: (waiver: ReportWaiver) => (
      <tr>
        <th scope="row">{waiver.id}</th>
        <td>{waiver.rule}</td>
        <td>
          <Shown text={waiver.reason} most={mostWords} />
        </td>
        <td>
          <People waiver={waiver} />
        </td>
        <td>
          {lastDay(waiver)}
          {waiver.expires <= report.sweep.openedAt ? <small>over</small> : null}
        </td>
        <td>{covered.get(waiver.id) ?? 'nothing'}</td>
      </tr>
    ),
  });
}

function ViolationCells({ violation }: { violation: ReportViolation }) {
  const { source, keyId, keyName, owner, message } = violation;
  return (
    <>
      <KeyCell keyId={keyId} source={source} name={keyName} />
      <td>
        <ShownOrDash text={owner} />
      </td>
      <RuleCell violation={violation} />
      <td>
        <Shown text={message} most={mostWords} />
      </td>
    </>
  );
}

function RuleCell({ violation: { rule, controls } }: { violation: ReportViolation }) {
  return (
    <td>
      {rule}
      {controls.map((control) => (
        <small>
          <Shown text={control} />
        </small>
      ))}
    </td>
  );
}

function Agreed({ waiver }: { waiver: ReportWaiver | undefined }) {
  if (waiver === undefined) return null;
  return (
    <>
      <small>
        <Shown text={waiver.reason} most={mostWords} />
      </small>
      <small>
        <People waiver={waiver} />
      </small>
      <small>until {lastDay(waiver)}</small>
    </>
  );
}

function People({ waiver: { requestedBy, approvedBy } }: { waiver: ReportWaiver }) {
  return (
    <>
      asked for by <Shown text={requestedBy} />, approved by{' '}
      {approvedBy.map((name, at) => (
        <>
          {at === 0 ? '' : ', '}
          <Shown text={name} />
        </>
      ))}
    </>
  );
}

function severityOf({ severity }: { severity: Severity }): Severity {
  return severity;
}

async function* withStatus(
  violations: AsyncIterable<ReportViolation>,
  status: ReportViolation['status'],
): AsyncIterable<ReportViolation> {
  for await (const violation of violations) if (violation.status === status) yield violation;
}
