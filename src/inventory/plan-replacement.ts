/** An inventory beside the tracked keys that it would replace. */
export interface Replacement {
  /** Keys that are tracked now. */
  readonly tracked: number;
  /** Those of them that the inventory lists too. */
  readonly kept: number;
}

/** The share of the tracked keys that an inventory may drop, in percent. */
const mostDropped = 30;

/**
 * Whether an inventory may replace the tracked keys, or is held until somebody accepts it. A file
 * that was cut, a wrong file or a wrong store must not end the findings of the keys that it lacks.
 * Where nothing is tracked, nothing can be lost. Counts in whole numbers, so that exactly 30 % pass.
 */
export function planReplacement({ tracked, kept }: Replacement): 'replace' | 'hold' {
  return (tracked - kept) * 100 > tracked * mostDropped ? 'hold' : 'replace';
}
