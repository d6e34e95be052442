/** The leaves from `start` up to and without `end`. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The subtrees whose hashes are the inclusion proof of a leaf, from the leaf's sibling up to the
 * root's child (RFC 6962, section 2.1.1). Throws `RangeError` unless 0 ≤ index < size.
 */
export function listInclusionRanges(index: number, size: number): LeafRange[] {
  if (!isCount(size) || !isCount(index) || index >= size) {
    throw new RangeError(`a tree of ${size} leaves has no leaf ${index}`);
  }
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = splitOf(start, end);
    path.push(index < middle ? { start: middle, end } : { start, end: middle });
    if (index < middle) end = middle;
    else start = middle;
  }
  return path.reverse();
}

/**
 * The subtrees whose hashes are the consistency proof between two sizes of a tree, in the order of
 * RFC 6962, section 2.1.2. Nothing needs a proof from the empty tree, or from a tree to itself.
 * Throws `RangeError` unless 0 ≤ oldSize ≤ size.
 */
export function listConsistencyRanges(oldSize: number, size: number): LeafRange[] {
  if (!isCount(size) || !isCount(oldSize) || oldSize > size) {
    throw new RangeError(`a tree of ${size} leaves never had ${oldSize} leaves`);
  }
  if (oldSize === 0) return [];
  const path: LeafRange[] = [];
  let [start, end] = [0, size];
  while (oldSize !== end) {
    const middle = splitOf(start, end);
    path.push(oldSize <= middle ? { start: middle, end } : { start, end: middle });
    if (oldSize <= middle) end = middle;
    else start = middle;
  }
  if (start > 0) path.push({ start, end });
  return path.reverse();
}

/** Where RFC 6962 parts these leaves: after the largest power of two below their number. */
function splitOf(start: number, end: number): number {
  let left = 1;
  while (left * 2 < end - start) left *= 2;
  return start + left;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
