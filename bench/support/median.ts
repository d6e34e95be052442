import type { Figure } from './define-bench.ts';

/** The middle value; the lower of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('there is no value');
  return middle;
}

/** A figure over several rounds. */
export function overRounds(
  figure: Pick<Figure, 'name' | 'unit' | 'beside'>,
  rounds: readonly number[],
): Figure {
  return { ...figure, value: median(rounds), rounds };
}
