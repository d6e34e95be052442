import { renderInstant } from '../render-instant.ts';
import { type GridLine, type GridOptions, type Paint, renderGrid } from '../table/grid.ts';
import { orDash } from '../table/or-dash.ts';
import { createPaints, type Paints } from '../table/paints.ts';
import type { Column } from '../table/plan-grid.ts';
import type { TableOptions } from '../table/table.ts';
import { renderBacktestHead } from './backtest-head.ts';
import type {
  BacktestCounts,
  BacktestRule,
  BacktestSource,
  BacktestSweep,
  ChangedUnknown,
  ChangedViolation,
} from './backtest-model.ts';
import { renderMove, wasWords, wouldWords } from './state-words.ts';

type Layout = Omit<GridOptions, 'title' | 'columns'>;

/** A back-test for a terminal, in pieces of whole lines. The first line shows the coverage. */
export async function* renderBacktestTable(
  source: Pick<BacktestSource, 'policy' | 'changes'>,
  counts: BacktestCounts,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { terminal, paintTitle: paints.bold, dim: paints.dim };
  const several = counts.sweeps.length > 1;
  yield renderBacktestHead(source.policy, counts, paints, terminal);
  if (several) {
    const lines = each(counts.sweeps, (one) => sweepLine(one, paints));
    yield* renderGrid(lines, { ...grid, title: 'Sweeps', columns: sweepColumns });
  }
  const lines = each(counts.rules, (rule) => ruleLine(rule, paints));
  const title = several ? 'Rules, in the newest sweep' : 'Rules';
  yield* renderGrid(lines, { ...grid, title, columns: ruleColumns });
  yield* renderChanges(source, several, paints, grid);
}

async function* renderChanges(
  { changes }: Pick<BacktestSource, 'changes'>,
  several: boolean,
  paints: Paints,
  grid: Layout,
): AsyncIterable<string> {
  const tables = [
    ['opens', 'Would open', 'WAS', ({ was }: ChangedViolation) => wasWords[was]],
    ['resolves', 'Would resolve', 'WOULD BE', ({ would }: ChangedViolation) => wouldWords[would]],
    ['waived', 'Would be waived', 'WAIVER', ({ waiver }: ChangedViolation) => orDash(waiver)],
  ] as const;
  const first = several ? [{ title: 'FIRST IN', most: 20, least: 20 }] : [];
  for (const [kind, title, column, word] of tables) {
    const columns = [...keyColumns, { title: column, most: 20 }, ...first, what];
    const lines = violationLines(changes(kind), { word, several }, paints);
    yield* renderGrid(lines, { ...grid, title, columns });
  }
  const columns = [...unknownColumns.slice(0, -1), ...first, ...unknownColumns.slice(-1)];
  const lines = unknownLines(changes('unknown'), several, paints);
  yield* renderGrid(lines, { ...grid, title: 'Could no longer be judged', columns });
}

const what: Column = { title: 'WHAT IS WRONG', most: 0 };
const keyColumns: readonly Column[] = [
  { title: 'KEY', most: 38, least: 36 },
  { title: 'NAME', most: 32 },
  { title: 'OWNER', most: 24 },
  { title: 'RULE', most: 28, least: 20 },
];
const unknownColumns: readonly Column[] = [
  { title: 'KEY', most: 38, least: 36 },
  { title: 'RULE', most: 28, least: 20 },
  { title: 'WAS', most: 20 },
  { title: 'REASON', most: 18 },
  { title: 'DETAIL', most: 0 },
];
const ruleColumns: readonly Column[] = [
  { title: 'RULE', most: 40, least: 20 },
  { title: 'SEVERITY', most: 20 },
  { title: 'OPEN', most: 20 },
  { title: 'WAIVED', most: 20 },
  { title: 'UNKNOWN', most: 20 },
  { title: '', most: 0 },
];
const sweepColumns: readonly Column[] = [
  { title: 'OPENED', most: 20, least: 20 },
  { title: 'FAIL', most: 16 },
  { title: 'WAIVED', most: 16 },
  { title: 'UNKNOWN', most: 16 },
  { title: 'OPENS', most: 10 },
  { title: 'RESOLVES', most: 10 },
  { title: 'IS WAIVED', most: 10 },
  { title: 'TO UNKNOWN', most: 10 },
  { title: 'SWEEP', most: 0 },
];

function sweepLine({ sweep, was, would, changes }: BacktestSweep, paints: Paints): GridLine {
  const { opens, resolves, waived, unknown } = changes;
  const verdicts = (['fail', 'waived', 'unknown'] as const).map((verdict) =>
    renderMove(was.verdicts[verdict], would.verdicts[verdict]),
  );
  const counts = [opens, resolves, waived, unknown].map(orDot);
  const cells = [renderInstant(sweep.openedAt), ...verdicts, ...counts, sweep.id];
  return { cells, paint: opens > 0 ? paints.verdict.fail : plainly };
}

function ruleLine({ rule, severity, was, would }: BacktestRule, paints: Paints): GridLine {
  const gone = severity.would === null;
  const cells = [
    rule,
    renderMove(orDash(severity.was), orDash(severity.would)),
    renderMove(was.open, would.open),
    renderMove(was.waived, would.waived),
    renderMove(was.unknown, would.unknown),
    gone ? 'the rule is gone' : severity.was === null ? 'new' : '',
  ];
  return { cells, paint: severity.would === null ? paints.dim : paints.severity[severity.would] };
}

function orDot(count: number): string {
  return count === 0 ? '·' : String(count);
}

async function* violationLines(
  changes: AsyncIterable<ChangedViolation>,
  { word, several }: { word: (change: ChangedViolation) => string; several: boolean },
  paints: Paints,
): AsyncIterable<GridLine> {
  let group = '';
  for await (const change of changes) {
    const { severity, source, keyId, keyName, owner, rule, message, asOf } = change;
    const paint = paints.severity[severity];
    const heading = `${severity}  ${source}`;
    if (heading !== group) yield { heading, paint };
    group = heading;
    const first = several ? [renderInstant(asOf)] : [];
    const about = [keyId, orDash(keyName), orDash(owner), rule, word(change)];
    yield { cells: [...about, ...first, message], paint };
  }
}

async function* unknownLines(
  changes: AsyncIterable<ChangedUnknown>,
  several: boolean,
  paints: Paints,
): AsyncIterable<GridLine> {
  const paint = paints.verdict.unknown;
  let group: string | undefined;
  for await (const { source, keyId, rule, reason, detail, was, asOf } of changes) {
    if (source !== group) yield { heading: source, paint };
    group = source;
    const first = several ? [renderInstant(asOf)] : [];
    const about = [keyId, rule ?? 'every rule', wasWords[was], reason];
    yield { cells: [...about, ...first, orDash(detail)], paint };
  }
}

async function* each<T>(rows: readonly T[], line: (row: T) => GridLine): AsyncIterable<GridLine> {
  for (const row of rows) yield line(row);
}

const plainly: Paint = (text) => text;
