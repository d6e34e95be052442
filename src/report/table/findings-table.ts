import { isEvent } from '../../evaluate/history/events.ts';
import type { FindingType } from '../../evaluate/history/finding-type.ts';
import { describeWaiting } from '../../evaluate/waivers/approvals.ts';
import type { ReportFinding } from '../model.ts';
import { describePerson } from '../people/named-person.ts';
import { renderDay } from '../render-instant.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import { noteRules, renderRemedies } from './remedies-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'STATUS', most: 24 },
  { title: 'KEY', most: 38, least: 36 },
  { title: 'NAME', most: 28 },
  { title: 'OWNER', most: 20 },
  { title: 'RULE', most: 28, least: 20 },
  { title: 'SINCE', most: 10, least: 10 },
  { title: 'WHAT IS WRONG', most: 0 },
];

/** Renders findings for a terminal, in the given order, grouped by severity and source. */
export async function* renderFindingsTable(
  findings: AsyncIterable<ReportFinding>,
  { color, columns: terminal, explain = false }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const rules = new Map<string, FindingType>();
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim };
  let any = false;
  for await (const piece of renderGrid(findingLines(noteRules(findings, rules), paints), {
    ...grid,
    title: 'Findings',
  })) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
  if (explain) yield* renderRemedies(rules, grid);
  if (!any) yield 'No findings.\n';
}

async function* findingLines(
  findings: AsyncIterable<ReportFinding>,
  paints: Paints,
): AsyncIterable<GridLine> {
  let group = '';
  for await (const finding of findings) {
    const { severity, source, keyId, keyName, owner, rule, firstSeen, message } = finding;
    const heading = `${severity}  ${source}`;
    if (heading !== group) yield { heading, paint: paints.severity[severity] };
    group = heading;
    const what = [message, ...endOf(finding), ...waitsOf(finding), ...originOf(finding)].join('; ');
    const about = [keyId, orDash(keyName), orDash(owner), rule, renderDay(firstSeen), what];
    yield { cells: [statusOf(finding), ...about], paint: paintOf(finding, paints) };
  }
}

function isOpenEvent({ status, type, facts }: ReportFinding): boolean {
  return status !== 'resolved' && isEvent(type, facts);
}

/** How an event ended, or how somebody can end it. */
function endOf(finding: ReportFinding): readonly string[] {
  const { acknowledgement } = finding;
  if (acknowledgement === null) return isOpenEvent(finding) ? [acknowledgeAs(finding)] : [];
  const { at, reason } = acknowledgement;
  return [`acknowledged by ${describePerson(acknowledgement)} on ${renderDay(at)}: ${reason}`];
}

/** The waivers that would cover it once they are approved. */
function waitsOf({ waitsFor = [] }: ReportFinding): readonly string[] {
  return waitsFor.map(({ waiver, approvers }) => describeWaiting(waiver, approvers));
}

function originOf({ firstSeenSimulated }: ReportFinding): readonly string[] {
  return firstSeenSimulated === true ? ['first seen in a simulated sweep'] : [];
}

/** `findings acknowledge` accepts a fingerprint's beginning of this length. */
export const shownDigits = 12;

function acknowledgeAs({ fingerprint }: ReportFinding): string {
  return `stays until acknowledged as ${fingerprint.slice(0, shownDigits)}`;
}

function statusOf({ status, resolution, waiver }: ReportFinding): string {
  if (status === 'resolved' && resolution !== null) return resolution;
  return status === 'waived' && waiver !== null ? `waived ${waiver}` : status;
}

function paintOf({ status, severity }: ReportFinding, paints: Paints): (text: string) => string {
  if (status === 'open') return paints.severity[severity];
  return status === 'waived' ? paints.verdict.waived : paints.dim;
}
