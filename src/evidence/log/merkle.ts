import { hash } from 'node:crypto';
import { type LeafRange, listConsistencyRanges, listInclusionRanges } from './proof-ranges.ts';

/** The Merkle tree of RFC 6962, section 2.1, with SHA-256. A hash has 32 bytes. */
export const hashBytes = 32;

const leafMark = Buffer.of(0);
const nodeMark = Buffer.of(1);

export function hashLeaf(entry: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([leafMark, entry]), 'buffer');
}

export function hashChildren(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([nodeMark, left, right]), 'buffer');
}

/** The root over the hashes of all leaves. Without leaves it is the hash of nothing. */
export function rootOf(leafHashes: readonly Uint8Array[]): Buffer {
  if (leafHashes.length === 0) return hash('sha256', '', 'buffer');
  // Complete subtrees so far, the largest first: one for each bit of the number of leaves.
  const complete: Uint8Array[] = [];
  leafHashes.forEach((leaf, index) => {
    let node = leaf;
    for (let count = index + 1; count % 2 === 0; count /= 2) {
      node = hashChildren(complete.pop() ?? node, node);
    }
    complete.push(node);
  });
  return Buffer.from(complete.reduceRight((right, left) => hashChildren(left, right)));
}

/** The hashes that prove the leaf `index` to be in the tree. Throws `RangeError` if there is none. */
export function proveInclusion(index: number, leafHashes: readonly Uint8Array[]): Buffer[] {
  return listInclusionRanges(index, leafHashes.length).map(({ start, end }) =>
    rootOf(leafHashes.slice(start, end)),
  );
}

/**
 * The hashes that prove the first `oldSize` leaves to be a tree that this one continues. The program
 * makes its proofs from tiles; tests compare them with this.
 * @internal
 */
export function proveConsistency(oldSize: number, leafHashes: readonly Uint8Array[]): Buffer[] {
  return listConsistencyRanges(oldSize, leafHashes.length).map(({ start, end }) =>
    rootOf(leafHashes.slice(start, end)),
  );
}

export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly path: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the proof shows that the leaf is at `index` of the tree with this size and root. */
export function verifyInclusion({ root, ...proof }: InclusionProof): boolean {
  const proven = rootFromProof(proof);
  return proven !== undefined && isSame(proven, root);
}

/** The root that the proof leads to; undefined for a proof that no tree of this size has. */
export function rootFromProof(proof: Omit<InclusionProof, 'root'>): Uint8Array | undefined {
  const { index, size, leafHash, path } = proof;
  if (!isSize(size) || !isSize(index) || index >= size || !isHash(leafHash)) return undefined;
  const steps = listSteps(listInclusionRanges(index, size), path, index);
  return steps && climb(leafHash, steps);
}

export interface ConsistencyProof {
  readonly oldSize: number;
  readonly size: number;
  readonly oldRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly path: readonly Uint8Array[];
}

/** Whether the proof shows that the new tree begins with all leaves of the old one. */
export function verifyConsistency(proof: ConsistencyProof): boolean {
  const { oldSize, size, oldRoot, root, path } = proof;
  if (!isSize(size) || !isSize(oldSize) || oldSize > size || !isHash(oldRoot)) return false;
  if (oldSize === 0) return continuesNothing(proof);
  const ranges = listConsistencyRanges(oldSize, size);
  const steps = listSteps(ranges, path, oldSize);
  if (steps === undefined) return false;

  // The path begins with the subtree that ends the old tree, unless that is the whole old tree.
  const [first, ...others] = steps;
  const isSeeded = first !== undefined && ranges[0]?.end === oldSize;
  const [seed, rest] = isSeeded ? [first.hash, others] : [oldRoot, steps];
  const older = rest.filter(({ isLeft }) => isLeft);
  return isSame(climb(seed, older), oldRoot) && isSame(climb(seed, rest), root);
}

/** Every tree continues the empty one, so there is nothing to prove. */
function continuesNothing({ size, oldRoot, root, path }: ConsistencyProof): boolean {
  const empty = rootOf([]);
  return path.length === 0 && isSame(oldRoot, empty) && (size > 0 || isSame(root, empty));
}

/** A hash of a path, and on which side of what is known so far it stands. */
interface Step {
  readonly hash: Uint8Array;
  readonly isLeft: boolean;
}

/** Undefined if the path has another length than the proof must have, or holds what is no hash. */
function listSteps(
  ranges: readonly LeafRange[],
  path: readonly Uint8Array[],
  leftUpTo: number,
): Step[] | undefined {
  if (ranges.length !== path.length || !path.every(isHash)) return undefined;
  return path.map((hash, at) => ({ hash, isLeft: (ranges[at]?.end ?? Infinity) <= leftUpTo }));
}

function climb(from: Uint8Array, steps: readonly Step[]): Uint8Array {
  return steps.reduce(
    (node, { hash, isLeft }) => (isLeft ? hashChildren(hash, node) : hashChildren(node, hash)),
    from,
  );
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Uint8Array): boolean {
  return value.length === hashBytes;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
