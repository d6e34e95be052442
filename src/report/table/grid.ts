import { safeText } from '../safe-text.ts';
import { clip, pad } from './display-width.ts';
import { type Column, type GridPlan, gap, indent, planGrid, stackedIndent } from './plan-grid.ts';
import { wrap } from './wrap.ts';

/** Colours a padded text without changing its width. */
export type Paint = (text: string) => string;

/** A line of a grid: a heading for the rows that follow, or a row of untrusted texts. */
export type GridLine =
  | { readonly heading: string; readonly paint: Paint }
  | { readonly cells: readonly string[]; readonly paint?: Paint };

/** `paint` in a line colours its first cell. */
export interface GridOptions {
  readonly columns: readonly Column[];
  readonly terminal: number;
  readonly title: string;
  readonly paintTitle: Paint;
  readonly dim: Paint;
}

/**
 * The number of rows that decide the widths. Later rows are cut to fit, so that rows can stream.
 */
const sampleSize = 200;

/** The most lines that a row's last text may take, so that one key cannot fill the screen. */
const mostLines = 4;

/** Renders a table with a title, or nothing if there are no lines. Makes every text safe. */
export async function* renderGrid(
  lines: AsyncIterable<GridLine>,
  options: GridOptions,
): AsyncIterable<string> {
  const sample: GridLine[] = [];
  let plan: GridPlan | undefined;
  for await (const line of lines) {
    const safe = makeSafe(line);
    if (plan !== undefined) {
      yield renderLine(safe, plan, options);
    } else if (sample.push(safe) === sampleSize) {
      plan = planFor(sample, options);
      yield renderSample(sample, plan, options);
    }
  }
  if (plan === undefined && sample.length > 0) {
    yield renderSample(sample, planFor(sample, options), options);
  }
}

function planFor(sample: readonly GridLine[], { columns, terminal }: GridOptions): GridPlan {
  const rows = sample.flatMap((line) => ('cells' in line ? [line.cells] : []));
  return planGrid(columns, rows, terminal);
}

function renderSample(sample: readonly GridLine[], plan: GridPlan, options: GridOptions): string {
  const titles = options.columns.map((column) => column.title);
  const shown = plan.stacked ? titles.slice(0, -1) : titles;
  const top = `\n${options.paintTitle(options.title)}\n`;
  const columnTitles = `${options.dim(rowLine(shown, plan))}\n`;
  return top + columnTitles + sample.map((line) => renderLine(line, plan, options)).join('');
}

function makeSafe(line: GridLine): GridLine {
  if ('heading' in line) return { ...line, heading: safeText(line.heading) };
  return { ...line, cells: line.cells.map(safeText) };
}

function renderLine(line: GridLine, plan: GridPlan, options: GridOptions): string {
  if ('heading' in line) return `${line.paint(clip(line.heading, options.terminal))}\n`;
  const flowing = flow(line.cells.at(-1) ?? '', plan.flowWidth);
  const paint = line.paint ?? plainly;
  if (plan.stacked) {
    const below = flowing.map((text) => ' '.repeat(stackedIndent) + text);
    return `${[rowLine(line.cells.slice(0, -1), plan, paint), ...below].join('\n')}\n`;
  }
  const before = indent + plan.widths.reduce((sum, width) => sum + width + gap, 0);
  const [first = '', ...more] = flowing;
  const top = rowLine([...line.cells.slice(0, -1), first], plan, paint);
  return `${[top, ...more.map((text) => ' '.repeat(before) + text)].join('\n')}\n`;
}

function flow(text: string, width: number): readonly string[] {
  const lines = wrap(text, width);
  if (lines.length <= mostLines) return lines;
  return [...lines.slice(0, mostLines - 1), clip(`${lines[mostLines - 1]} …`, width)];
}

function rowLine(cells: readonly string[], plan: GridPlan, paint: Paint = plainly): string {
  const padded = cells.map((cell, at) => {
    const width = plan.widths[at];
    const text = width === undefined ? cell : pad(clip(cell, width), width);
    return at === 0 ? paint(text) : text;
  });
  return (' '.repeat(indent) + padded.join(' '.repeat(gap))).trimEnd();
}

function plainly(text: string): string {
  return text;
}
