import { listCell } from '../../report/csv/cells.ts';
import { guardFormula } from '../../report/csv/guard-cell.ts';
import {
  type Cell,
  type Columns,
  renderColumnNames,
  renderRows,
} from '../../report/csv/write-rows.ts';
import { renderCount } from '../../text/render-count.ts';
import { objectPath } from '../pack-files/pack-paths.ts';
import { describeUnheld, whyUncovered } from '../ticks/describe-unheld.ts';
import type { TickGroup } from '../ticks/judge-ticks.ts';
import type { Uncovered } from '../ticks/list-uncovered.ts';
import { stableText } from './stable-text.ts';
import type {
  ControlSummary,
  FindingSummary,
  PolicySummary,
  ReviewStep,
  ReviewSummary,
  SimulatedSummary,
  Summary,
  SweepSummary,
  WaiverSummary,
} from './summary.ts';
import { endOf, onlyNamed, type ToldApprover, tellApprovers } from './tell-waiver.ts';
import { notCurrent } from './words/not-current.ts';
import { tellAnswers } from './words/tell-answers.ts';

const names = [
  ...['about', 'control', 'name', 'source', 'key_id', 'rule', 'severity', 'state'],
  ...['sweeps_due', 'sweeps_held', 'sweeps_not_held', 'sweeps_checked', 'audited', 'tracked'],
  ...['opened', 'closed', 'open', 'waived', 'days', 'from_utc', 'until_utc'],
  ...['by', 'approved_by', 'reason', 'leaf', 'until_leaf', 'object'],
] as const;

type Name = (typeof names)[number];
type Row = Readonly<Partial<Record<Name, Cell>>>;

const columns = Object.fromEntries(
  names.map((name) => [name, (row: Row) => row[name]]),
) as unknown as Columns<Row>;

/**
 * Renders a summary as CSV: a row for the period, each control, each sweep that was due and was not
 * held, each finding and waiver (once for each of its controls), review, policy and sweep. `leaf` and `until_leaf` are where the log says so; `object` is the file that shows it.
 */
export function renderSummaryCsv(summary: Summary): string {
  return renderColumnNames(columns) + renderRows(columns, rowsOf(summary), guard);
}

function guard(text: string): string {
  return guardFormula(stableText(text));
}

function rowsOf(summary: Summary): readonly Row[] {
  return [
    periodRow(summary),
    ...summary.controls.map((control) => controlRow(control, summary)),
    ...summary.unheld.map(unheldRow),
    ...summary.uncovered.map(uncoveredRow),
    ...summary.sweeps.removed.map((leaf) => ({ about: 'removed sweep', leaf })),
    ...summary.findings.flatMap(findingRows),
    ...summary.waivers.flatMap(waiverRows),
    ...summary.reviews.map(reviewRow),
    ...summary.policies.map(policyRow),
    ...summary.simulated.map(simulatedRow),
    ...summary.sweeps.listed.map(sweepRow),
  ];
}

function unheldRow(group: TickGroup): Row {
  const { schedule, state, first, last, count, leaves } = group;
  return {
    ...{ about: 'not held', name: schedule, state, sweeps_not_held: count },
    ...{ from_utc: instant(new Date(first)), until_utc: instant(new Date(last)) },
    ...{ reason: describeUnheld(group), leaf: leaves[0], until_leaf: leaves.at(-1) },
  };
}

function uncoveredRow({ from, to, because }: Uncovered): Row {
  const span = { from_utc: instant(from), until_utc: instant(to) };
  return { about: 'not covered', ...span, reason: whyUncovered[because] };
}

function policyRow({ hash, firstLeaf, sweeps, isRead }: PolicySummary): Row {
  const state = isRead ? 'read' : 'its rules could not be read';
  const object = objectPath(hash);
  return { about: 'policy', state, sweeps_checked: sweeps, leaf: firstLeaf, object };
}

function simulatedRow({ leaf, sweeps, from, to }: SimulatedSummary): Row {
  const span = { from_utc: instant(from), until_utc: instant(to) };
  return { about: 'simulated', name: `${sweeps} invented sweeps`, ...span, leaf };
}

function periodRow({ info, from, to, ticks, sweeps }: Summary): Row {
  return {
    ...{ about: 'period', name: info.origin, from_utc: instant(from), until_utc: instant(to) },
    ...{ sweeps_due: ticks.due, sweeps_held: ticks.held, sweeps_not_held: ticks.due - ticks.held },
    ...leastCells(sweeps.least),
  };
}

function leastCells(least: ControlSummary['least']): Row {
  return least === undefined
    ? {}
    : { audited: least.audited, tracked: least.tracked, leaf: least.leaf };
}

function controlRow(control: ControlSummary, { from, to, ticks }: Summary): Row {
  const { rules, checked, opened, closed, standing, longestDays } = control;
  return {
    ...{ about: 'control', control: control.control, rule: listCell(rules) },
    state: control.isCurrent ? undefined : `checked ${notCurrent}`,
    ...{ sweeps_due: ticks.due, sweeps_held: ticks.held, sweeps_not_held: ticks.due - ticks.held },
    ...{ sweeps_checked: checked, opened, closed, days: longestDays },
    ...{ open: standing?.open, waived: standing?.waived },
    ...{ from_utc: instant(from), until_utc: instant(to) },
    ...leastCells(control.least),
  };
}

function sweepRow({ sweep, scope, status, schedule, at, partial, ...rest }: SweepSummary): Row {
  const { leaf, tracked, audited } = rest;
  const keys = renderCount(partial, 'key was', 'keys were');
  return {
    ...{ about: scope === 'full' ? 'sweep' : 'partial sweep', name: sweep, state: status },
    ...{ from_utc: instant(at), audited, tracked, leaf },
    by: schedule === null ? 'request' : `schedule ${schedule}`,
    reason: partial === 0 ? undefined : `${keys} judged by some rules only`,
  };
}

function findingRows(finding: FindingSummary): readonly Row[] {
  const { source, keyId, rule, severity, controls, since, openedLeaf, state, days } = finding;
  const { closedAt, closedLeaf, because, by } = finding;
  const row: Row = {
    ...{ about: 'finding', name: finding.finding, source, key_id: keyId, rule },
    ...{ severity, state, days, from_utc: instant(since), until_utc: instant(closedAt) },
    ...{ by, reason: because, leaf: openedLeaf, until_leaf: closedLeaf },
  };
  return forEachControl(row, controls);
}

function waiverRows(waiver: WaiverSummary): readonly Row[] {
  const { controls, rule, requestedBy, reason, from, ended, leaf } = waiver;
  const row: Row = {
    ...{ about: 'waiver', name: waiver.waiver, rule, by: requestedBy },
    ...{ approved_by: listCell(tellApprovers(waiver).map(approverCell)), reason, leaf },
    ...{ from_utc: instant(from), until_utc: instant(endOf(waiver)) },
    ...{ state: ended?.because, until_leaf: ended?.leaf },
  };
  return forEachControl(row, controls);
}

/** A bar stands between approvers, so a name has none. */
function approverCell({ who, signed }: ToldApprover): string {
  const proof = signed === undefined ? onlyNamed : `leaf ${signed.leaf}`;
  return `${who.replaceAll('|', String.raw`\u{7c}`)} (${proof})`;
}

function forEachControl(row: Row, controls: readonly string[]): readonly Row[] {
  return controls.length === 0 ? [row] : controls.map((control) => ({ ...row, control }));
}

function reviewRow(campaign: ReviewSummary) {
  const { review, name, opened, closed, signedOff, keys } = campaign;
  const last: ReviewStep | undefined = signedOff ?? closed;
  return {
    ...{ about: 'review', name: `${name} ${review}`, tracked: keys, from_utc: instant(opened.at) },
    ...{ state: signedOff ? 'signed off' : closed ? 'closed' : 'open' },
    ...{ until_utc: instant(last?.at), by: last?.by },
    ...{ reason: [tellAnswers(campaign), last?.reason ?? ''].filter(Boolean).join('; ') },
    ...{ leaf: opened.leaf, until_leaf: last?.leaf },
  } satisfies Row;
}

/** To the millisecond: what the leaves say. */
function instant(at: Date | undefined): string | undefined {
  return at?.toISOString().replace('T', ' ').replace('Z', '');
}
