import { displayWidth } from './display-width.ts';

/**
 * A column of a grid. `most`: its widest, in columns of the terminal; `least`: what it keeps while
 * another can give way (an id should stay whole, so that it can be copied). The last column flows.
 */
export interface Column {
  readonly title: string;
  readonly most: number;
  readonly least?: number;
}

/** How a grid is laid out. `stacked`: the last column stands on lines of its own, below the row. */
export interface GridPlan {
  readonly widths: readonly number[];
  readonly flowWidth: number;
  readonly stacked: boolean;
}

export const gap = 2;
export const indent = 2;
export const stackedIndent = 4;

/** Text that flows in less than this is hard to read. */
const leastFlow = 36;
const leastColumn = 4;

/**
 * Fits a grid to a terminal by a sample of its rows: every column as wide as its widest text, the
 * last with what is left. Where that is too little, it goes below; where the others are too wide
 * together, the widest give way.
 */
export function planGrid(
  columns: readonly Column[],
  sample: readonly (readonly string[])[],
  terminal: number,
): GridPlan {
  const fixed = columns.slice(0, -1);
  const natural = fixed.map(({ title, most }, at) => {
    const widest = Math.max(displayWidth(title), ...sample.map((row) => widthOf(row[at])));
    return Math.min(most, widest);
  });
  const room = terminal - indent;
  const left = room - natural.reduce((sum, width) => sum + width + gap, 0);
  const longest = Math.max(0, ...sample.map((row) => widthOf(row[fixed.length])));

  if (left >= Math.min(leastFlow, longest)) {
    return { widths: natural, flowWidth: Math.max(left, leastColumn), stacked: false };
  }
  const between = gap * (fixed.length - 1);
  const leasts = fixed.map((column) => column.least ?? leastColumn);
  const kept = narrow(natural, leasts, room - between);
  const widths = narrow(kept, Array(fixed.length).fill(leastColumn), room - between);
  return { widths, flowWidth: Math.max(leastColumn, terminal - stackedIndent), stacked: true };
}

function widthOf(text: string | undefined): number {
  return displayWidth(text ?? '');
}

/** Takes from the widest column, again and again, until all fit or none can give more. */
function narrow(
  widths: readonly number[],
  leasts: readonly number[],
  room: number,
): readonly number[] {
  const fitted = [...widths];
  let excess = fitted.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    const able = fitted.map((width, at) => (width > (leasts[at] ?? 0) ? width : 0));
    const widest = Math.max(...able);
    if (widest <= 0) break;
    fitted[able.indexOf(widest)] = widest - 1;
    excess -= 1;
  }
  return fitted;
}
