import type { FindingType } from '../../evaluate/history/finding-type.ts';
import { remedies } from '../../evaluate/remedies.ts';
import { type GridOptions, renderGrid } from './grid.ts';
import type { Column } from './plan-grid.ts';

interface RuleRow {
  readonly rule: string;
  readonly type: FindingType;
  readonly status: 'open' | 'waived' | 'resolved';
}

/** Passes rows on, and notes the rules of the open ones. */
export async function* noteRules<Row extends RuleRow>(
  rows: AsyncIterable<Row>,
  rules: Map<string, FindingType>,
): AsyncIterable<Row> {
  for await (const row of rows) {
    if (row.status === 'open') rules.set(row.rule, row.type);
    yield row;
  }
}

const columns: readonly Column[] = [
  { title: 'RULE', most: 28, least: 20 },
  { title: 'REMEDY', most: 0 },
];

/** Renders what to do about each of these rules, in their order. */
export function renderRemedies(
  rules: ReadonlyMap<string, FindingType>,
  grid: Omit<GridOptions, 'columns' | 'title'>,
): AsyncIterable<string> {
  const lines = async function* () {
    for (const [rule, type] of rules) yield { cells: [rule, remedies[type]] };
  };
  return renderGrid(lines(), { ...grid, title: 'What to do', columns });
}
