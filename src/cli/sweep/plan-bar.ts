import { clip, displayWidth } from '../../report/table/display-width.ts';
import type { Wordings } from './render-waits.ts';

/** One line of progress: so many cells of a bar, and the words after it. */
export interface BarLine {
  readonly cells: number;
  readonly filled: number;
  readonly count: string;
  readonly words: string;
}

const mostCells = 30;
/** A shorter bar shows nothing. */
const leastCells = 5;

/**
 * Fits progress into a line of this width, because a line that wraps cannot be drawn again. The bar
 * gives way first, then the count, then the longer wordings; words are cut last.
 */
export function planBar(
  progress: { readonly done: number; readonly total: number },
  wordings: Wordings,
  columns: number,
): BarLine {
  const { done, total } = progress;
  const width = columns - 1;
  const words =
    wordings.find((one) => displayWidth(one) <= width) ?? clip(shortest(wordings), width);
  const count = `${done}/${total} ${total === 1 ? 'key' : 'keys'}`;
  const text = displayWidth(count) + 2 + displayWidth(words);
  if (text > width) return { cells: 0, filled: 0, count: '', words };
  const room = width - text - 1;
  const cells = room < leastCells ? 0 : Math.min(mostCells, room);
  const filled = total === 0 ? 0 : Math.floor((cells * done) / total);
  return { cells, filled, count, words };
}

function shortest(wordings: Wordings): string {
  return wordings.at(-1) ?? wordings[0];
}
