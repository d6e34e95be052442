import type { Leaf } from './leaf.ts';

/** A leaf with its number. */
export interface NumberedLeaf extends Leaf {
  readonly n: number;
  readonly at: Date;
}
