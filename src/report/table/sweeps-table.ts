import { coverageLine } from '../coverage-line.ts';
import type { ListedSweep } from '../model.ts';
import { renderInstant } from '../render-instant.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { orDash } from './or-dash.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

/** Commands accept a sweep's id by a beginning of this length. */
const idDigits = 8;

const columns: readonly Column[] = [
  { title: 'SWEEP', most: idDigits, least: idDigits },
  { title: 'TRIGGER', most: 28 },
  { title: 'DUE', most: 20, least: 20 },
  { title: 'OPENED', most: 20, least: 20 },
  { title: 'CLOSED', most: 20, least: 20 },
  { title: 'STATUS, COVERAGE, VERDICTS', most: 0 },
];

/** Renders sweeps for a terminal, in the given order. */
export async function* renderSweepsTable(
  sweeps: AsyncIterable<ListedSweep>,
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title: 'Sweeps' };
  let any = false;
  for await (const piece of renderGrid(sweepLines(sweeps, paints), grid)) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
  if (!any) yield 'No sweeps.\n';
}

async function* sweepLines(
  sweeps: AsyncIterable<ListedSweep>,
  paints: Paints,
): AsyncIterable<GridLine> {
  const paintOf = {
    open: paints.bold,
    complete: paints.verdict.pass,
    incomplete: paints.verdict.unknown,
  };
  for await (const sweep of sweeps) yield { cells: cellsOf(sweep), paint: paintOf[sweep.status] };
}

function cellsOf(sweep: ListedSweep): readonly string[] {
  const { id, trigger, schedule, dueAt, openedAt, closedAt } = sweep;
  const by = schedule === null || trigger === 'request' ? trigger : `${trigger} ${schedule}`;
  return [
    id.slice(0, idDigits),
    by,
    orDash(dueAt && renderInstant(dueAt)),
    renderInstant(openedAt),
    orDash(closedAt && renderInstant(closedAt)),
    `${statusOf(sweep)}; ${resultOf(sweep)}`,
  ];
}

function statusOf({ status, scope, stoppedAt, simulated }: ListedSweep): string {
  const stopped = stoppedAt === null ? '' : ', stopped';
  const invented = simulated === true ? ', simulated' : '';
  return `${status}${invented}${stopped}${scope === 'full' ? '' : ', partial'}`;
}

function resultOf({ coverage, verdicts, tracked, pending }: ListedSweep): string {
  if (coverage === null || verdicts === null) return `${tracked - pending} of ${tracked} judged`;
  const { pass, fail, waived, unknown } = verdicts;
  return `${coverageLine(coverage)}; ${pass} pass, ${fail} fail, ${waived} waived, ${unknown} unknown`;
}
