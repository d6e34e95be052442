import { type GridLine, renderGrid } from '../table/grid.ts';
import { createPaints } from '../table/paints.ts';
import type { Column } from '../table/plan-grid.ts';
import type { TableOptions } from '../table/table.ts';
import { describeApprovals } from './describe-approvals.ts';
import type { ListedWaiver } from './listed-waiver.ts';

const columns: readonly Column[] = [
  { title: 'WAIVER', most: 28 },
  { title: 'COUNTS', most: 6 },
  { title: 'RULE', most: 28 },
  { title: 'LAST DAY', most: 10, least: 10 },
  { title: 'ASKED FOR BY', most: 28 },
  { title: 'APPROVAL', most: 60 },
  { title: 'WHY', most: 0 },
];

/** Renders waivers for a terminal, in the given order. */
export async function* renderWaiversTable(
  waivers: readonly ListedWaiver[],
  { color, columns: terminal }: TableOptions,
): AsyncIterable<string> {
  if (waivers.length === 0) {
    yield 'The policy has no waivers.\n';
    return;
  }
  const paints = createPaints(color);
  const grid = { columns, terminal, paintTitle: paints.bold, dim: paints.dim, title: 'Waivers' };
  const lines = async function* (): AsyncIterable<GridLine> {
    for (const waiver of waivers) {
      const { id, counts, rule, lastDay, requestedBy, reason } = waiver;
      const cells = [id, counts ? 'yes' : 'no', rule, lastDay, requestedBy];
      const paint = paints.verdict[counts ? 'waived' : 'unknown'];
      yield { cells: [...cells, describeApprovals(waiver), reason], paint };
    }
  };
  let any = false;
  for await (const piece of renderGrid(lines(), grid)) {
    yield any ? piece : piece.trimStart();
    any = true;
  }
}
