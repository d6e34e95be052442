import type { Verdict } from '../evaluate/judgement.ts';
import { renderCount } from '../render-count.ts';
import { type GridLine, renderGrid } from './grid.ts';
import type { ReportSource, ReportSweep, ReportUnknown, ReportViolation } from './model.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import { renderInstant } from './render-instant.ts';
import { safeText } from './safe-text.ts';
import { wrap } from './wrap.ts';

/** `columns`: the width of the terminal. */
export interface TableOptions {
  readonly color: boolean;
  readonly columns: number;
}

/** A report for people at a terminal, in pieces of whole lines. Coverage stands on the first. */
export async function* renderTable(
  report: ReportSource,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { terminal, paintTitle: paints.bold, dim: paints.dim };
  yield renderHead(report, paints, terminal);

  const open = violationLines(report.violations(), 'open', paints);
  yield* renderGrid(open, { ...grid, title: 'Violations', columns: violationColumns });
  const waived = violationLines(report.violations(), 'waived', paints);
  yield* renderGrid(waived, { ...grid, title: 'Waived violations', columns: waivedColumns });
  const unknowns = unknownLines(report.unknowns(), paints);
  yield* renderGrid(unknowns, { ...grid, title: 'Unknown', columns: unknownColumns });
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
  { title: 'WHAT IS WRONG', most: 0 },
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
  const { tracked, audited, unknown, partial } = report.coverage;
  const inPart = partial === 0 ? '' : `; ${partial} audited only in part`;
  const coverage = `${audited} of ${tracked} audited, ${unknown} unknown${inPart}`;
  const whole = unknown + partial === 0 ? paints.verdict.pass : paints.verdict.unknown;
  const note = wrap(
    'Coverage is of the inventory only: a key that nobody tracks is not seen.',
    terminal,
  );
  const facts = factLines(report).flatMap(([label, text]) =>
    wrap(text, terminal - labelWidth).map(
      (line, at) => (at === 0 ? label : '').padEnd(labelWidth) + line,
    ),
  );
  return [
    ...wrap(coverage, terminal).map((line) => paints.bold(whole(line))),
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

function factLines({ sweep, coverage }: ReportSource): readonly (readonly [string, string])[] {
  const { partial } = coverage;
  const keys = renderCount(partial, 'audited key has', 'audited keys have');
  const inPart = `${keys} a rule that could not be judged`;
  return [
    ...(partial > 0 ? [['In part', inPart] as const] : []),
    ['Sweep', `${safeText(sweep.id)}  ${sweep.scope}, ${sweep.status}`],
    ['Asked for', askedFor(sweep)],
    ['Time', timesOf(sweep)],
    ['Policy', `${safeText(sweep.policy.version)}  ${shortHash(sweep.policy.hash)}`],
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

/** Enough of a hash to compare by eye; the JSON has all of it. */
function shortHash(hash: string): string {
  return safeText(hash.slice(0, 'sha256:'.length + 12));
}

async function* violationLines(
  violations: AsyncIterable<ReportViolation>,
  status: ReportViolation['status'],
  paints: Paints,
): AsyncIterable<GridLine> {
  let group = '';
  for await (const violation of violations) {
    if (violation.status !== status) continue;
    const { severity, source, keyId, keyName, owner, rule, message, waiver } = violation;
    const paint = paints.severity[severity];
    const heading = `${severity}  ${source}`;
    if (heading !== group) yield { heading, paint };
    group = heading;
    const by = waiver === null ? [] : [waiver];
    yield { cells: [keyId, orDash(keyName), orDash(owner), rule, ...by, message], paint };
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
