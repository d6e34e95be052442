import { displayWidth } from './display-width.ts';

/**
 * A column of a grid. `most`: its maximum width, in terminal columns. `least`: the width that it
 * keeps while another column can shrink (a whole id can be copied). The last column wraps.
 */
export interface Column {
  readonly title: string;
  readonly most: number;
  readonly least?: number;
}

/** The layout of a grid. `stacked`: the last column goes on separate lines below the row. */
export interface GridPlan {
  readonly widths: readonly number[];
  readonly flowWidth: number;
  readonly stacked: boolean;
}

export const gap = 2;
export const indent = 2;
export const stackedIndent = 4;

/** Wrapped text is hard to read in a narrower column. */
const leastFlow = 36;
const leastColumn = 4;

/**
 * Fits a grid to a terminal, using a sample of its rows. Each column is as wide as its widest text,
 * and the last takes the rest. If the rest is too narrow, the last column goes below the row. If
 * the others are too wide together, the widest ones shrink.
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

/** Shrinks the widest column until all fit or every column is at its minimum. */
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
