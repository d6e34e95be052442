import { renderCount } from '../../text/render-count.ts';
import type { CheckLine } from '../doctor-model.ts';
import { type GridLine, renderGrid } from './grid.ts';
import { createPaints, type Paints } from './paints.ts';
import type { Column } from './plan-grid.ts';
import type { TableOptions } from './table.ts';

const columns: readonly Column[] = [
  { title: 'STATUS', most: 7, least: 7 },
  { title: 'CHECK', most: 40, least: 12 },
  { title: 'SEEN, AND HOW TO MEND IT', most: 0 },
];

/** Renders what `keysweep doctor` found, by group, and the count of each status. */
export async function* renderDoctorTable(
  lines: readonly CheckLine[],
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title: 'Doctor' };
  let any = false;
  for await (const piece of renderGrid(linesOf(lines, paints), grid)) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
  const count = (status: CheckLine['status']) => lines.filter((l) => l.status === status).length;
  const warnings = renderCount(count('warning'), 'warning');
  yield `\n${count('ok')} ok, ${warnings}, ${renderCount(count('failure'), 'failure')}\n`;
}

async function* linesOf(lines: readonly CheckLine[], paints: Paints): AsyncIterable<GridLine> {
  const paintOf = {
    ok: paints.verdict.pass,
    warning: paints.verdict.unknown,
    failure: paints.verdict.fail,
  };
  let before: string | undefined;
  for (const { group, check, status, seen, mend } of lines) {
    if (group !== before) yield { heading: group, paint: paints.bold };
    before = group;
    yield { cells: [status, check, seen], paint: paintOf[status] };
    if (mend !== null) yield { cells: ['', '', `mend: ${mend}`] };
  }
}
