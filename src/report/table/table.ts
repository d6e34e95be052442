import type { FindingType } from '../../evaluate/history/finding-type.ts';
import type { Verdict } from '../../evaluate/judgement.ts';
import { isComplete } from '../../keys/coverage.ts';
import { renderCount } from '../../text/render-count.ts';
import { coverageLine, coverageNote } from '../coverage-line.ts';
import { describeEvidence } from '../evidence-of-sweep.ts';
import { lastDay } from '../last-day.ts';
import type {
  ReportSource,
  ReportSweep,
  ReportUnknown,
  ReportViolation,
  ReportWaiver,
} from '../model.ts';
import { renderInstant } from '../render-instant.ts';
import { safeText } from '../safe-text.ts';
import { simulatedNote } from '../simulated.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import { noteRules, renderRemedies } from './remedies-grid.ts';
import { wrap } from './wrap.ts';

/** `columns`: the width of the terminal. */
export interface TableOptions {
  readonly color: boolean;
  readonly columns: number;
  /** Whether to say what to do about each rule with an open violation. */
  readonly explain?: boolean | undefined;
}

/** Renders a report for a terminal, in pieces of whole lines. The first line shows the coverage. */
export async function* renderTable(
  report: ReportSource,
  { color, columns: terminal, explain = false }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const rules = new Map<string, FindingType>();
  const grid = { terminal, paintTitle: paints.bold, dim: paints.dim };
  yield renderHead(report, paints, terminal);

  const open = violationLines(noteRules(report.violations(), rules), 'open', paints);
  yield* renderGrid(open, { ...grid, title: 'Violations', columns: violationColumns });
  if (explain) yield* renderRemedies(rules, grid);
  const waivers = new Map(report.waivers.map((waiver) => [waiver.id, waiver]));
  const waived = violationLines(waivedOf(report), 'waived', paints, waivers);
  yield* renderGrid(waived, { ...grid, title: 'Waived violations', columns: waivedColumns });
  const unknowns = unknownLines(report.unknowns(), paints);
  yield* renderGrid(unknowns, { ...grid, title: 'Unknown', columns: unknownColumns });
  const every = waiverLines(report, paints);
  yield* renderGrid(every, { ...grid, title: 'Waivers', columns: waiverColumns });
}

const violationColumns: readonly Column[] = [
  { title: 'KEY', most: 38, least: 36 },
  { title: 'NAME', most: 32 },
  { title: 'OWNER', most: 24 },
  { title: 'RULE', most: 28, least: 20 },
  { title: 'WHAT IS WRONG', most: 0 },
];

const waivedColumns: readonly Column[] = [
  ...violationColumns.slice(0, -1),
  { title: 'WAIVER', most: 16 },
  { title: 'UNTIL', most: 10, least: 10 },
  { title: 'WHAT IS WRONG, AND WHY IT IS WAIVED', most: 0 },
];

const waiverColumns: readonly Column[] = [
  { title: 'WAIVER', most: 24, least: 16 },
  { title: 'RULE', most: 28, least: 20 },
  { title: 'UNTIL', most: 18, least: 10 },
  { title: 'ASKED FOR BY', most: 24 },
  { title: 'APPROVED BY', most: 32 },
  { title: 'REASON', most: 0 },
];

const unknownColumns: readonly Column[] = [
  { title: 'KEY', most: 38, least: 36 },
  { title: 'RULE', most: 28, least: 20 },
  { title: 'REASON', most: 18 },
  { title: 'DETAIL', most: 0 },
];

const labelWidth = 12;
const betweenCounts = '   ';

function renderHead(report: ReportSource, paints: Paints, terminal: number): string {
  const whole = isComplete(report.coverage) ? paints.verdict.pass : paints.verdict.unknown;
  const note = wrap(coverageNote, terminal);
  const simulated = report.sweep.simulated === true ? wrap(simulatedNote, terminal) : [];
  const facts = factLines(report).flatMap(([label, text]) =>
    wrap(text, terminal - labelWidth).map(
      (line, at) => (at === 0 ? label : '').padEnd(labelWidth) + line,
    ),
  );
  return [
    ...wrap(coverageLine(report.coverage), terminal).map((line) => paints.bold(whole(line))),
    ...simulated.map((line) => paints.bold(line)),
    ...note.map((line) => paints.dim(line)),
    '',
    ...renderVerdicts(report, paints, terminal),
    ...facts.map((line) => paints.dim(line.slice(0, labelWidth)) + line.slice(labelWidth)),
    '',
  ].join('\n');
}

const glyphs: { readonly [V in Verdict]: string } = {
  pass: '✓',
  fail: '✗',
  waived: '~',
  unknown: '?',
};

function renderVerdicts(
  { verdicts }: ReportSource,
  paints: Paints,
  terminal: number,
): readonly string[] {
  const order: readonly Verdict[] = ['pass', 'fail', 'waived', 'unknown'];
  const texts = order.map((verdict) => `${glyphs[verdict]} ${verdicts[verdict]} ${verdict}`);
  const painted = order.map((verdict, at) => {
    const paint = verdicts[verdict] === 0 ? paints.dim : paints.verdict[verdict];
    return paint(texts[at] ?? '');
  });
  const label = paints.dim('Verdicts'.padEnd(labelWidth));
  if (labelWidth + texts.join(betweenCounts).length <= terminal) {
    return [label + painted.join(betweenCounts)];
  }
  return painted.map((text, at) => (at === 0 ? label : ' '.repeat(labelWidth)) + text);
}

function factLines({
  sweep,
  coverage,
  evidence,
}: ReportSource): readonly (readonly [string, string])[] {
  const { partial } = coverage;
  const keys = renderCount(partial, 'audited key has', 'audited keys have');
  const inPart = `${keys} a rule that could not be judged`;
  return [
    ...(partial > 0 ? [['In part', inPart] as const] : []),
    ['Sweep', `${safeText(sweep.id)}  ${sweep.scope}, ${sweep.status}`],
    ['Asked for', askedFor(sweep)],
    ['Time', timesOf(sweep)],
    ['Policy', `${safeText(sweep.policy.version)}  ${shortHash(sweep.policy.hash)}`],
    ...(evidence === null ? [] : [['Evidence', safeText(describeEvidence(evidence))] as const]),
  ];
}

function askedFor({ trigger, schedule, dueAt }: ReportSweep): string {
  if (schedule === null) return 'on request';
  const late = trigger === 'catch-up' ? ', caught up' : '';
  const due = dueAt === null ? '' : `, due ${renderInstant(dueAt)}`;
  return `schedule ${safeText(schedule)}${due}${late}`;
}

function timesOf({ openedAt, closedAt }: ReportSweep): string {
  const opened = `opened ${renderInstant(openedAt)}`;
  return closedAt === null
    ? `${opened}, not closed`
    : `${opened}, closed ${renderInstant(closedAt)}`;
}

/** The start of a hash is enough to compare by eye; the JSON has the whole hash. */
function shortHash(hash: string): string {
  return safeText(hash.slice(0, 'sha256:'.length + 12));
}

/** All violations if some are waived: to read them a second time would take half of the report. */
async function* waivedOf(report: ReportSource): AsyncIterable<ReportViolation> {
  const broken = await report.broken();
  if (broken.some(({ waiver }) => waiver !== null)) yield* report.violations();
}

async function* violationLines(
  violations: AsyncIterable<ReportViolation>,
  status: ReportViolation['status'],
  paints: Paints,
  waivers: ReadonlyMap<string, ReportWaiver> = new Map(),
): AsyncIterable<GridLine> {
  let group = '';
  for await (const violation of violations) {
    if (violation.status !== status) continue;
    const { severity, source, keyId, keyName, owner, rule } = violation;
    const paint = paints.severity[severity];
    const heading = `${severity}  ${source}`;
    if (heading !== group) yield { heading, paint };
    group = heading;
    const about = [keyId, orDash(keyName), orDash(owner), rule];
    yield { cells: [...about, ...wordsOf(violation, waivers)], paint };
  }
}

function wordsOf(
  { message, waiver: id }: ReportViolation,
  waivers: ReadonlyMap<string, ReportWaiver>,
): readonly string[] {
  if (id === null) return [message];
  const waiver = waivers.get(id);
  if (waiver === undefined) return [id, orDash(null), message];
  return [id, lastDay(waiver), `${message}; waived: ${waiver.reason}`];
}

/** Lists every waiver of the policy, including those that cover nothing. */
async function* waiverLines(
  { waivers, sweep }: ReportSource,
  paints: Paints,
): AsyncIterable<GridLine> {
  for (const waiver of waivers) {
    const { id, rule, requestedBy, approvedBy, reason } = waiver;
    const over = waiver.expires <= sweep.openedAt;
    const until = over ? `${lastDay(waiver)} (over)` : lastDay(waiver);
    const paint = over ? paints.dim : paints.verdict.waived;
    yield { cells: [id, rule, until, requestedBy, approvedBy.join(', '), reason], paint };
  }
}

async function* unknownLines(
  unknowns: AsyncIterable<ReportUnknown>,
  paints: Paints,
): AsyncIterable<GridLine> {
  const paint = paints.verdict.unknown;
  let group: string | undefined;
  for await (const { source, keyId, rule, reason, detail } of unknowns) {
    if (source !== group) yield { heading: source, paint };
    group = source;
    yield { cells: [keyId, rule ?? 'every rule', reason, orDash(detail)], paint };
  }
}
